import type { Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import { listenUnix } from "../../../machine/unix-sockets.ts";
import { klog } from "../../daemon/klog.ts";
import type { CsiRegistration } from "../../storage/csi-driver.ts";
import { csiSidecar, type Sidecar } from "../../storage/csi-sidecar.ts";
import type { Image } from "./define.ts";

/** Tells the kubelet of a driver by a socket in its folder of plugins; the socket goes when the container ends. */
function* register({ proc, flags, driverName }: Sidecar): Task {
  const { files } = proc.machine;
  const socket = `/registration/${driverName}-reg.sock`;
  if (files.find(socket, root)) files.unlink(socket, root);
  const endpoint = flags["kubelet-registration-path"] ?? "";
  yield* klog(proc, "I", "node_register.go:56", `"Starting Registration Server" socketPath="${socket}"`);
  listenUnix(proc, socket, { plugin: { name: driverName, endpoint } } satisfies CsiRegistration, 0o600);
  yield* klog(proc, "I", "main.go:98", '"Received GetInfo call" request=""');
  try {
    for (;;) yield* proc.wait({ on: [] });
  } finally {
    if (files.find(socket, root)) files.unlink(socket, root);
  }
}

/** Registers a CSI driver with the kubelet of its node. */
export const csiNodeDriverRegistrar: Image = {
  repository: "registry.k8s.io/sig-storage/csi-node-driver-registrar",
  tags: ["v2.14.0", "v2.13.0", "v2.12.0", "v2.10.1", "v2.9.3"],
  size: 13_000_000,
  usage: { cpu: 0, memory: 5 },
  entrypoint: ["/csi-node-driver-registrar"],
  programs: [csiSidecar("csi-node-driver-registrar", (driver) => driver, register)],
  userland: "none",
};
