import type { Process } from "../../../../machine/process.ts";
import { listenHttp } from "../../../daemon/listen-http.ts";
import { logLine, MONITORING } from "./define.ts";

/** The port that both are probed at. Their metrics are not simulated, and say so. */
export function monitoring(proc: Process): void {
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
  const problem = listenHttp(proc, "0.0.0.0", MONITORING, ({ path }) =>
    path.split("?", 1)[0] === "/metrics"
      ? { status: 200, headers, body: "# cka-lab: the metrics of MetalLB are not simulated\n" }
      : { status: 404, headers: { "content-type": "text/plain; charset=utf-8" }, body: "404 page not found\n" },
  );
  if (problem !== undefined) logLine(proc, "error", { op: "run", error: problem, msg: "failed to run k8s client" });
}
