// The Debian packages that this repository uses, in the only place that lists them.
// Each entry says why it is needed.

/** @typedef {'build' | 'test' | 'clients' | 'vm' | 'bench'} Purpose */

/** @type {Record<Purpose, Record<string, string>>} */
export const debianPackages = {
  build: {
    'g++': 'compiles the addon and init',
    cmake: 'describes the native build',
    make: 'runs the native build (ninja is used where it is installed)',
    'musl-dev': 'the C library that init is linked against',
    'linux-libc-dev': "the kernel's headers",
  },
  test: {
    'busybox-static': 'the smallest root filesystem',
    clang: 'compiles the fuzz targets, for its libFuzzer',
    'clang-format': 'checks the layout of the C++ code',
    'clang-tidy': 'checks the C++ code for faults',
    fish: 'runs the completion script made for it',
    iproute2: 'network namespaces to join (`ip netns`)',
    'libclang-rt-dev': 'libFuzzer and the sanitizers of clang',
    mmdebstrap: 'makes a Debian root filesystem',
    passwd: 'useradd, for the ordinary user that the tests run as',
    procps: 'ps, which `sampan ps` calls',
    runc: 'its `spec` and `features` are what ours are compared with',
    strace: 'looks at the system calls that are made',
    tmux: 'a real terminal for the tests of `run -t`',
    uidmap: 'newuidmap and newgidmap',
    'util-linux': 'unshare, nsenter, setpriv, script',
    zsh: 'checks the completion script made for it',
  },
  clients: {
    buildah: 'builds images, and calls the runtime itself',
    catatonit: 'process 1 of containers with --init and of pods',
    conmon: 'what podman has the runtime called by',
    containerd: 'the caller below Docker and Kubernetes, with its shim and `ctr`',
    'containernetworking-plugins': 'the network of pods',
    crun: 'what they do with it is what they must do with ours',
    criu: 'without it podman does not even ask whether the runtime can save processes',
    'docker-registry': 'images are pushed to it and pulled from it',
    'docker.io': 'Docker Engine',
    netavark: 'the network of containers, which sets it up beside the runtime',
    podman: 'the caller that most people have',
    rootlesskit: 'what rootless Docker runs in',
  },
  vm: {
    e2fsprogs: "mke2fs, for the test guest's disk",
    mmdebstrap: 'makes the test guest',
    'qemu-system-x86': 'runs the test guest; brings virtiofsd',
    zstd: "unpacks the test guest's kernel",
  },
  bench: {
    bubblewrap: 'peer',
    crun: 'peer',
    runc: 'peer',
    valgrind: 'counts instructions where the machine does not',
  },
};
