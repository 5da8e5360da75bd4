/** A containerd of its own, without the kubelet's plugin; `address` is that of its socket. */
export function containerdConfig(root: string, state: string, address: string): string {
  return `version = 2
root = "${root}"
state = "${state}"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "${address}"
[ttrpc]
  address = "${address}.ttrpc"
`;
}
