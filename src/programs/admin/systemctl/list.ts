import { unitName } from "../../../machine/units/load-unit.ts";
import { columns } from "../define.ts";
import type { Systemctl, Verb } from "./define.ts";
import { fitsAny } from "./patterns.ts";

const legendText = `
LOAD   = Reflects whether the unit definition was properly loaded.
ACTIVE = The high-level unit activation state, i.e. generalization of SUB.
SUB    = The low-level unit activation state, values depend on unit type.
`;

/** systemctl list-units, which is also systemctl without a verb. */
export const listUnits: Verb = {
  *run(call) {
    const { options } = call;
    const shown = call.units.all().filter((unit) => wanted(call, unit));
    const legend = !options.has("no-legend") && options.get("legend") !== "false";
    const rows = shown.map((unit) => [unit.name, unit.definition.load, unit.active, unit.sub, unit.description]);
    const [head, ...lines] = columns([["UNIT", "LOAD", "ACTIVE", "SUB", "DESCRIPTION"], ...rows]);
    const bad = shown.map((unit) => unit.active === "failed" || unit.definition.load === "not-found");
    const mark = (line: string, i: number) => (options.has("plain") ? line : `${bad[i] ? "●" : " "} ${line}`);
    const table = [...(legend && rows.length > 0 ? [mark(head ?? "", -1)] : []), ...lines.map(mark)];
    const hint =
      options.has("a") || options.has("state") || options.has("failed")
        ? ""
        : " Pass --all to see loaded but inactive units, too.";
    const end = legend
      ? `${rows.length > 0 ? legendText : ""}${rows.length} loaded units listed.${hint}\n${rows.length > 0 ? "To show all installed unit files use 'systemctl list-unit-files'.\n" : ""}`
      : "";
    yield* call.proc.write(1, table.map((line) => `${line}\n`).join("") + end);
    return 0;
  },
};

function wanted(
  { options, operands }: Systemctl,
  unit: { name: string; active: string; sub: string; definition: { load: string } },
): boolean {
  const type = options.get("t");
  const state = options.has("failed") ? "failed" : options.get("state");
  if (type !== undefined && !type.split(",").some((one) => unit.name.endsWith(`.${one}`))) return false;
  if (!fitsAny(unit.name, operands)) return false;
  if (state !== undefined)
    return state.split(",").some((one) => [unit.active, unit.sub, unit.definition.load].includes(one));
  return options.has("a") || unit.active !== "inactive";
}

/** systemctl is-active and is-failed. */
export const isActive: Verb = {
  atLeast: 1,
  *run(call) {
    let status: number | undefined;
    for (const operand of call.operands) {
      const unit = call.units.get(unitName(operand));
      if (!call.options.has("q")) yield* call.proc.write(1, `${unit.active}\n`);
      if (unit.isActive) status = 0;
      else status ??= unit.definition.load === "not-found" ? 4 : 3;
    }
    return status ?? 3;
  },
};

export const isFailed: Verb = {
  atLeast: 1,
  *run(call) {
    let status = 1;
    for (const operand of call.operands) {
      const unit = call.units.get(unitName(operand));
      if (!call.options.has("q")) yield* call.proc.write(1, `${unit.active}\n`);
      if (unit.active === "failed") status = 0;
    }
    return status;
  },
};

/** systemctl is-system-running. */
export const isSystemRunning: Verb = {
  *run(call) {
    const failed = call.units.all().some((unit) => unit.active === "failed");
    yield* call.proc.write(1, failed ? "degraded\n" : "running\n");
    return failed ? 1 : 0;
  },
};
