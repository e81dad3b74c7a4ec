import type { Task } from "../../../machine/define.ts";
import { listenHttp } from "../../daemon/listen-http.ts";
import { CsiError } from "../../storage/csi-driver.ts";
import { csiSidecar, type Sidecar } from "../../storage/csi-sidecar.ts";
import type { Image } from "./define.ts";

const headers = { "content-type": "text/plain; charset=utf-8" };

/** Says at /healthz whether the driver answers. */
function* probe({ proc, flags, driver }: Sidecar): Task {
  listenHttp(proc, "0.0.0.0", Number(flags["health-port"] ?? 9808), ({ path }) => {
    if (path.split("?")[0] !== "/healthz") return { status: 404, headers, body: "404 page not found\n" };
    try {
      driver();
      return { status: 200, headers, body: "ok" };
    } catch (error) {
      if (!(error instanceof CsiError)) throw error;
      return { status: 500, headers, body: error.message };
    }
  });
  for (;;) yield* proc.wait({ on: [] });
}

/** Lets the kubelet's probes see how a CSI driver is. */
export const csiLivenessprobe: Image = {
  repository: "registry.k8s.io/sig-storage/livenessprobe",
  tags: ["v2.16.0", "v2.15.0", "v2.14.0", "v2.12.0", "v2.11.0"],
  size: 14_000_000,
  usage: { cpu: 1, memory: 6 },
  entrypoint: ["/livenessprobe"],
  programs: [csiSidecar("livenessprobe", (driver) => driver, probe)],
  userland: "none",
};
