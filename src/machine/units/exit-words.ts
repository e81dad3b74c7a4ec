import { type Signal, signalNumbers } from "../define.ts";

/** How a process of a unit ended. */
export interface UnitExit {
  readonly code: "exited" | "killed";
  /** The status, or the signal's number. */
  readonly status: number;
  readonly signal?: Signal;
}

/** systemd's names of exit statuses (systemd.exec(5), "Process Exit Codes"). */
const names: Readonly<Record<number, string>> = {
  0: "SUCCESS",
  1: "FAILURE",
  2: "INVALIDARGUMENT",
  3: "NOTIMPLEMENTED",
  4: "NOPERMISSION",
  5: "NOTINSTALLED",
  6: "NOTCONFIGURED",
  7: "NOTRUNNING",
  200: "CHDIR",
  203: "EXEC",
  216: "GROUP",
  217: "USER",
  255: "EXCEPTION",
};

/** code=exited, status=1/FAILURE */
export function exitWords(exit: UnitExit): string {
  const name = exit.code === "killed" ? (exit.signal ?? "n/a") : (names[exit.status] ?? "n/a");
  return `code=${exit.code}, status=${exit.status}/${name}`;
}

export function exitOf(status: number, signal: Signal | undefined): UnitExit {
  return signal ? { code: "killed", status: signalNumbers[signal], signal } : { code: "exited", status };
}

const cleanSignals: ReadonlySet<string> = new Set(["HUP", "INT", "TERM", "PIPE"]);

/** Whether an end counts as success: status 0 or a signal that asks to end, or what SuccessExitStatus= adds. */
export function isClean(exit: UnitExit, also: readonly string[]): boolean {
  if (exit.code === "killed")
    return (
      cleanSignals.has(exit.signal ?? "") || also.includes(`SIG${exit.signal}`) || also.includes(exit.signal ?? "")
    );
  return exit.status === 0 || also.includes(String(exit.status));
}
