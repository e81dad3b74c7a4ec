import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import type { Unit } from "../../../machine/units/unit.ts";
import type { Units } from "../../../machine/units/units.ts";
import type { ParsedArguments } from "../define.ts";

/** systemctl being run: its process, the host's units, and what was given after the verb. */
export interface Systemctl {
  readonly proc: Process;
  readonly units: Units;
  readonly options: ParsedArguments["options"];
  readonly operands: readonly string[];
}

/** A verb of systemctl. */
export interface Verb {
  /** The least number of operands. */
  readonly atLeast?: number;
  /** Only root may; the words say what fails for others, with the unit's name for %s. */
  readonly needsRoot?: string;
  run(call: Systemctl): Task<number>;
}

/** Prints a line on stderr and gives the status. */
export function* complain(call: Systemctl, message: string, status = 1): Task<number> {
  yield* call.proc.write(2, `${message}\n`);
  return status;
}

/** The warning about unit files that changed since they were read. */
export function* warnIfChanged(call: Systemctl, unit: Unit): Task {
  if (unit.definition.load === "not-found" || !call.units.needsReload(unit)) return;
  yield* call.proc.write(
    2,
    `Warning: The unit file, source configuration file or drop-ins of ${unit.name} changed on disk. Run 'systemctl daemon-reload' to reload units.\n`,
  );
}
