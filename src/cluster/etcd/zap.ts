import { rfc3339Micro } from "../../base/time.ts";
import type { Process } from "../../machine/process.ts";

/** Writes a line as etcd's logger does (go.uber.org/zap, etcd 3.6): JSON with level, time, place and message first. */
export function zapLog(
  proc: Process,
  level: "info" | "warn" | "error" | "fatal",
  caller: string,
  msg: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const ts = rfc3339Micro(proc.machine.kernel.clock.now);
  proc.fds.get(2)?.write?.(`${JSON.stringify({ level, ts, caller, msg, ...more })}\n`);
}
