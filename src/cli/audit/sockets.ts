// Sockets through which whoever may connect rules the machine.

/** Where they usually are. */
export const CONTROL_SOCKETS: readonly string[] = [
  '/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/podman/podman.sock',
  '/run/crio/crio.sock',
  '/run/cri-dockerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/buildkit/buildkitd.sock',
  '/run/libvirt/libvirt-sock',
  '/run/systemd/private',
  '/run/dbus/system_bus_socket',
];

/** Their names wherever they are: a user has such sockets in /run/user/UID. */
const NAMES = /(^|\/)(docker|containerd|podman|crio|cri-dockerd|buildkitd|dockershim)\.sock$/;

/** Whether a path is that of such a socket. */
export function isControlSocket(path: string): boolean {
  return NAMES.test(path) || CONTROL_SOCKETS.includes(path);
}
