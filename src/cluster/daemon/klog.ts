import { civilTime } from "../../base/time.ts";
import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";

/** A log line in klog's format (k8s.io/klog v2): I1121 14:33:09.123456       1 leaderelection.go:257] text */
export function klogLine(proc: Process, level: "I" | "W" | "E" | "F", source: string, text: string): string {
  const { now } = proc.machine.kernel.clock;
  const t = civilTime(now);
  const two = (n: number) => String(n).padStart(2, "0");
  const micros = String(now % 1_000_000).padStart(6, "0");
  const time = `${two(t.hour)}:${two(t.minute)}:${two(t.second)}.${micros}`;
  return `${level}${two(t.month)}${two(t.day)} ${time} ${String(proc.pid).padStart(7)} ${source}] ${text}\n`;
}

export function* klog(proc: Process, level: "I" | "W" | "E" | "F", source: string, text: string): Task {
  yield* proc.write(2, klogLine(proc, level, source, text));
}
