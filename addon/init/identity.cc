// Session, keyring, names and the loopback interface: what makes the new namespaces usable.

#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "init/kernel.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

// linux/keyctl.h
inline constexpr int kJoinSessionKeyring = 1;

}  // namespace

Status run(Context&, const wire::ForbidTracing&) {
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? kOk : failed("prctl", "PR_SET_DUMPABLE");
}

Status run(Context&, const wire::NewSession&) {
  // EPERM: already a process group leader, which a fresh child never is.
  return setsid() >= 0 ? kOk : failed("setsid");
}

// Without a name: one that somebody has made under that name before would be joined, and its maker,
// any user of the host or another container, would share all keys.
Status run(Context&, const wire::NewKeyring&) {
  if (syscall(SYS_keyctl, kJoinSessionKeyring, nullptr) >= 0) return kOk;
  // A kernel without keyrings, or an outer seccomp filter that hides them (keyctl(2) in a
  // container): there is then no keyring to keep apart.
  if (errno == ENOSYS || errno == EPERM) return kOk;
  return failed("keyctl", "session keyring");
}

Status run(Context&, const wire::SetLoopbackUp&) {
  Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.ok()) return failed("socket", "AF_INET");
  ifreq request = {};
  strcpy(request.ifr_name, "lo");
  if (ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0) return failed("ioctl", "SIOCGIFFLAGS");
  request.ifr_flags |= IFF_UP;
  return ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0 ? kOk : failed("ioctl", "SIOCSIFFLAGS");
}

Status run(Context&, const wire::SetHostname& s) {
  return syscall(SYS_sethostname, s.name.data, s.name.size) == 0
             ? kOk
             : failed("sethostname", s.name.data);
}

Status run(Context&, const wire::SetDomainname& s) {
  return syscall(SYS_setdomainname, s.name.data, s.name.size) == 0
             ? kOk
             : failed("setdomainname", s.name.data);
}

}  // namespace sampan::init
