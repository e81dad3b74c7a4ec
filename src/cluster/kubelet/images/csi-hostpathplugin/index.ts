import type { Program, Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { listenUnix } from "../../../../machine/unix-sockets.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { parseFlags } from "../../../daemon/flags.ts";
import { klog } from "../../../daemon/klog.ts";
import type { Image } from "../define.ts";
import { HostPathDriver } from "./host-path-driver.ts";

const VERSION = "v1.17.0";
const known = new Set(["attach-limit", "drivername", "endpoint", "nodeid", "statedir", "v"]);

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const parsed = parseFlags(argv, known);
  if ("error" in parsed) {
    yield* proc.write(2, `${parsed.error}\n`);
    return 2;
  }
  const { flags } = parsed;
  const nodeId = flags.nodeid ?? "";
  if (nodeId === "") {
    yield* proc.write(1, "Failed to initialize driver: no node id provided\n");
    return 1;
  }
  const limit = Number(flags["attach-limit"] ?? 0);
  const driver = new HostPathDriver(proc, {
    name: flags.drivername ?? "hostpath.csi.k8s.io",
    version: VERSION,
    nodeId,
    mostVolumes: limit > 0 ? limit : undefined,
  });
  const socket = (flags.endpoint ?? "unix:///csi/csi.sock").replace(/^unix:\/\//, "");
  const { files } = proc.machine;
  if (files.find(socket, root)) files.unlink(socket, root);
  listenUnix(proc, socket, driver);
  yield* klog(proc, "I", "server.go:115", `Listening for connections on address: "${socket}"`);
  try {
    for (;;) yield* proc.wait({ on: [] });
  } finally {
    if (files.find(socket, root)) files.unlink(socket, root);
  }
}

const program: Program = { name: "hostpathplugin", folder: "/", run: endsOnTerm(run) };

/** A CSI driver whose volumes are folders of the one node that it runs on. */
export const csiHostpathplugin: Image = {
  repository: "registry.k8s.io/sig-storage/hostpathplugin",
  tags: [VERSION, "v1.16.1", "v1.15.0", "v1.14.1", "v1.13.0", "v1.12.1"],
  size: 104_000_000,
  usage: { cpu: 1, memory: 12 },
  entrypoint: ["/hostpathplugin"],
  programs: [program],
  userland: "busybox",
};
