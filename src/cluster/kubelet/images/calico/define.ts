import { civilTime } from "../../../../base/time.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";

/** The versions of Calico that its images are there in; the first is what the manifest installs. */
export const calicoTags = ["v3.30.4", "v3.30.3", "v3.30.2", "v3.30.1", "v3.30.0", "v3.29.3"];
export const CALICO_RELEASE = calicoTags[0] ?? "";

/** Under this name a container of calico/node keeps how its parts are: what its probes ask. */
export const CALICO_NODE = "calico-node";

export interface CalicoNode {
  felix: "starting" | "ready";
  /** BIRD runs: where Calico routes by BGP. */
  bird: boolean;
  /** The other nodes that BIRD speaks with, and whether it does. */
  peers(): readonly { readonly address: string; readonly isEstablished: boolean }[];
}

/** A line of Calico's log: 2026-11-02 09:00:00.123 [INFO][9] startup/startup.go 445: text */
export function* calicoLog(
  proc: Process,
  level: "INFO" | "WARNING" | "ERROR" | "FATAL",
  source: string,
  text: string,
): Task {
  const t = civilTime(proc.machine.kernel.clock.now);
  const two = (n: number) => String(n).padStart(2, "0");
  const millis = String(Math.floor((proc.machine.kernel.clock.now % 1_000_000) / 1000)).padStart(3, "0");
  const time = `${t.year}-${two(t.month)}-${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}.${millis}`;
  yield* proc.write(2, `${time} [${level}][${proc.pid}] ${source}: ${text}\n`);
}
