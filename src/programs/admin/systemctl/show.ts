import { enabledState } from "../../../machine/units/enable.ts";
import { setting, settingsOf } from "../../../machine/units/parse-unit.ts";
import type { Unit } from "../../../machine/units/unit.ts";
import { stamp } from "../systemd-time.ts";
import type { Systemctl, Verb } from "./define.ts";

/** systemctl show: the properties that are simulated. */
export const show: Verb = {
  *run(call) {
    const wanted = call.options.get("p")?.split(",");
    const bare = call.options.has("value");
    const texts = call.operands.map((operand) =>
      properties(call, call.units.get(operand))
        .filter(([name]) => !wanted || wanted.includes(name))
        .map(([name, value]) => `${bare ? "" : `${name}=`}${value}\n`)
        .join(""),
    );
    yield* call.proc.write(1, texts.join("\n"));
    return 0;
  },
};

function properties(call: Systemctl, unit: Unit): readonly (readonly [name: string, value: string])[] {
  const { definition } = unit;
  const { settings } = definition;
  const service = (key: string, otherwise: string) => setting(settings, "Service", key) ?? otherwise;
  const state = enabledState(call.proc.machine.files, unit.name);
  return [
    ["Type", service("Type", "simple")],
    ["Restart", service("Restart", "no")],
    ["RestartUSec", service("RestartSec", "100ms").replace(/^\d+$/, "$&s")],
    ["MainPID", String(unit.main?.pid ?? 0)],
    ["Result", unit.result],
    ["NRestarts", String(unit.restarts)],
    ["ExecMainPID", String(unit.mainPid ?? 0)],
    ["ExecMainCode", unit.mainExit ? (unit.mainExit.code === "exited" ? "1" : "2") : "0"],
    ["ExecMainStatus", String(unit.mainExit?.status ?? 0)],
    ["Environment", settingsOf(settings, "Service", "Environment").join(" ")],
    ...settingsOf(settings, "Service", "EnvironmentFile").map(
      (value) => ["EnvironmentFiles", fileWords(value)] as const,
    ),
    ...settingsOf(settings, "Service", "ExecStart").map((value) => ["ExecStart", execWords(value)] as const),
    ["User", service("User", "")],
    ["Id", unit.name],
    ["Names", unit.name],
    ["Description", unit.description],
    ["LoadState", definition.load],
    ["ActiveState", unit.active],
    ["SubState", unit.sub],
    ["FragmentPath", definition.fragment ?? ""],
    ["DropInPaths", definition.dropIns.join(" ")],
    ["UnitFileState", state ?? ""],
    ["UnitFilePreset", state === undefined ? "" : "enabled"],
    ["StateChangeTimestamp", unit.since === undefined ? "" : stamp(unit.since)],
    ["ActiveEnterTimestamp", unit.activeSince === undefined ? "" : stamp(unit.activeSince)],
    ["NeedDaemonReload", call.units.needsReload(unit) ? "yes" : "no"],
  ];
}

function fileWords(value: string): string {
  return `${value.replace(/^-/, "")} (ignore_errors=${value.startsWith("-") ? "yes" : "no"})`;
}

function execWords(value: string): string {
  const line = value.replace(/^[-@:+!]+/, "");
  return `{ path=${line.split(/\s+/)[0]} ; argv[]=${line} ; ignore_errors=${value.startsWith("-") ? "yes" : "no"} }`;
}
