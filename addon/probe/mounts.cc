// The namespaces, and the file systems that containers mount in them. All mounts are made over
// directories that every machine has, in a mount namespace that ends with the process.

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <initializer_list>

#include "probe/tries.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

namespace sampan::probe {
namespace {

const char* mounted(const char* type, const char* data) {
  return mount("none", "/proc", type, MS_NOSUID | MS_NOEXEC | MS_NODEV, data) == 0 ? nullptr
                                                                                   : "mount";
}

const char* try_proc() { return mounted("proc", nullptr); }
const char* try_sysfs() { return mounted("sysfs", nullptr); }
const char* try_tmpfs() { return mounted("tmpfs", "size=64k"); }
const char* try_devpts() { return mounted("devpts", "newinstance,ptmxmode=0666,mode=0620"); }
const char* try_devpts_group() { return mounted("devpts", "newinstance,ptmxmode=0666,gid=5"); }
const char* try_mqueue() { return mounted("mqueue", nullptr); }
const char* try_cgroup2() { return mounted("cgroup2", nullptr); }

// Refused by the filters of podman and docker to who lacks CAP_SYS_ADMIN outside.
const char* try_hostname() { return sethostname("sampan", 6) == 0 ? nullptr : "sethostname"; }

const char* try_overlay() {
  if (const char* failed = mounted("tmpfs", "size=64k,mode=755")) return failed;
  for (const char* directory : {"/proc/lower", "/proc/upper", "/proc/work"}) {
    if (mkdir(directory, 0755) != 0) return "mkdir";
  }
  return mounted("overlay", "lowerdir=/proc/lower,upperdir=/proc/upper,workdir=/proc/work");
}

const Try kMounts[] = {
    {"user", CLONE_NEWUSER, nullptr},
    {"mnt", CLONE_NEWNS, nullptr},
    {"pid", CLONE_NEWPID, nullptr},
    {"net", CLONE_NEWNET, nullptr},
    {"ipc", CLONE_NEWIPC, nullptr},
    {"uts", CLONE_NEWUTS, nullptr},
    {"cgroup", CLONE_NEWCGROUP, nullptr},
    {"time", CLONE_NEWTIME, nullptr},
    {"hostname", CLONE_NEWUTS, try_hostname},
    {"mount-proc", CLONE_NEWNS | CLONE_NEWPID, try_proc},
    {"mount-sysfs", CLONE_NEWNS | CLONE_NEWNET, try_sysfs},
    {"mount-tmpfs", CLONE_NEWNS, try_tmpfs},
    {"mount-devpts", CLONE_NEWNS, try_devpts},
    {"mount-devpts-gid", CLONE_NEWNS, try_devpts_group},
    {"mount-mqueue", CLONE_NEWNS | CLONE_NEWIPC, try_mqueue},
    {"mount-cgroup2", CLONE_NEWNS | CLONE_NEWCGROUP, try_cgroup2},
    {"mount-overlay", CLONE_NEWNS | CLONE_NEWUSER, try_overlay},
    {},
};

}  // namespace

const Try* mounts() { return kMounts; }

}  // namespace sampan::probe
