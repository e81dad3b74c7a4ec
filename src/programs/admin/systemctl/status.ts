import type { Task } from "../../../machine/define.ts";
import { hardwareOf } from "../../../machine/hardware.ts";
import { journalOf } from "../../../machine/journal.ts";
import { enabledState } from "../../../machine/units/enable.ts";
import { exitWords } from "../../../machine/units/exit-words.ts";
import { unitName } from "../../../machine/units/load-unit.ts";
import { settingsOf } from "../../../machine/units/parse-unit.ts";
import type { Unit } from "../../../machine/units/unit.ts";
import { shortName } from "../../../machine/units/unit-record.ts";
import { mayReadJournal, shortLine } from "../journal-lines.ts";
import { ago, stamp } from "../systemd-time.ts";
import { complain, type Systemctl, type Verb, warnIfChanged } from "./define.ts";
import { fitsAny } from "./patterns.ts";

/** systemctl status. */
export const status: Verb = {
  *run(call) {
    if (call.operands.length === 0) return yield* systemStatus(call);
    let result = 0;
    let first = true;
    for (const operand of call.operands) {
      const units = operand.includes("*")
        ? call.units.all().filter((unit) => fitsAny(unit.name, [operand]))
        : [call.units.get(byPid(call, operand))];
      for (const unit of units) {
        if (unit.definition.load === "not-found" && unit.active === "inactive") {
          result = yield* complain(call, `Unit ${unitName(operand)} could not be found.`, 4);
          continue;
        }
        if (!first) yield* call.proc.write(1, "\n");
        first = false;
        yield* warnIfChanged(call, unit);
        yield* call.proc.write(1, statusText(call, unit));
        if (!unit.isActive) result = 3;
      }
    }
    return result;
  },
};

/** systemctl status PID is about the unit that the process belongs to. */
function byPid(call: Systemctl, operand: string): string {
  const proc = /^\d+$/.test(operand) ? call.proc.machine.processes.get(Number(operand)) : undefined;
  return proc ? proc.cgroup.slice(proc.cgroup.lastIndexOf("/") + 1) : operand;
}

function dot(unit: Unit): string {
  if (unit.active === "failed") return "×";
  if (unit.active === "reloading") return "↻";
  return unit.active === "inactive" || unit.active === "deactivating" ? "○" : "●";
}

function statusText(call: Systemctl, unit: Unit): string {
  const { now } = call.proc.machine.kernel.clock;
  const row = (label: string, text: string) => `${label.padStart(11)}: ${text}\n`;
  const lines = [`${dot(unit)} ${unit.title}\n`, row("Loaded", loadedWords(call, unit)), dropInRows(unit)];
  const result = unit.result === "success" ? "" : ` (Result: ${unit.result})`;
  const since = unit.since === undefined ? "" : ` since ${stamp(unit.since)}; ${ago(unit.since, now)}`;
  lines.push(row("Active", `${unit.active} (${unit.sub})${result}${since}`.replace("failed (failed)", "failed")));
  if (unit.skipped)
    lines.push(
      row("Condition", `start condition failed at ${stamp(unit.skipped.at)}; ${ago(unit.skipped.at, now)}`),
      `${" ".repeat(13)}└─ ${unit.skipped.condition} was not met\n`,
    );
  const docs = settingsOf(unit.definition.settings, "Unit", "Documentation").flatMap((value) => value.split(/\s+/));
  for (const [i, doc] of docs.entries()) lines.push(i === 0 ? row("Docs", doc) : `${" ".repeat(13)}${doc}\n`);
  for (const ran of unit.commands)
    if (ran.exit && (ran.key !== "ExecStart" || ran.pid === unit.mainPid))
      lines.push(row("Process", `${ran.pid} ${ran.key}=${ran.line} (${exitWords(ran.exit)})`));
  if (unit.main) lines.push(row("Main PID", `${unit.main.pid} (${shortName(unit.main)})`));
  else if (unit.mainExit) lines.push(row("Main PID", `${unit.mainPid} (${exitWords(unit.mainExit)})`));
  const processes = unit.processes;
  if (processes.length > 0) {
    const limit = Math.floor(hardwareOf(unit.machine).memoryKib / 880);
    lines.push(row("Tasks", `${processes.length} (limit: ${limit})`), row("CGroup", `/system.slice/${unit.name}`));
    for (const [i, proc] of processes.entries())
      lines.push(`${" ".repeat(13)}${i === processes.length - 1 ? "└─" : "├─"}${proc.pid} ${proc.argv.join(" ")}\n`);
  }
  return lines.join("") + journalPart(call, unit);
}

function loadedWords(call: Systemctl, unit: Unit): string {
  const { load, fragment } = unit.definition;
  if (load === "masked") return `masked (Reason: Unit ${unit.name} is masked.)`;
  if (load === "not-found") return `not-found (Reason: Unit ${unit.name} not found.)`;
  if (load === "bad-setting") return `bad-setting (Reason: Unit ${unit.name} has a bad unit file setting.)`;
  const state = enabledState(call.proc.machine.files, unit.name) ?? "static";
  return `loaded (${fragment}; ${state}${state === "static" ? "" : "; preset: enabled"})`;
}

function dropInRows(unit: Unit): string {
  const { dropIns } = unit.definition;
  const folders = [...new Set(dropIns.map((path) => path.slice(0, path.lastIndexOf("/"))))];
  return folders
    .map((folder, i) => {
      const names = dropIns
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1));
      const head = i === 0 ? `${"Drop-In".padStart(11)}: ` : " ".repeat(13);
      return `${head}${folder}\n${" ".repeat(13)}└─${names.join(", ")}\n`;
    })
    .join("");
}

function journalPart(call: Systemctl, unit: Unit): string {
  if (!mayReadJournal(call.proc))
    return "\nWarning: some journal files were not opened due to insufficient permissions.\n";
  const count = Number(call.options.get("n") ?? 10);
  const { entries } = journalOf(unit.machine);
  const since = unit.activeSince ?? 0;
  const mine = entries.filter((entry) => entry.unit === unit.name && (unit.active === "failed" || entry.at >= since));
  const shown = count > 0 ? mine.slice(-count) : [];
  return shown.length === 0 ? "" : `\n${shown.map((entry) => shortLine(entry, unit.machine.name)).join("")}`;
}

function* systemStatus(call: Systemctl): Task<number> {
  const { machine } = call.proc;
  const failed = call.units.all().filter((unit) => unit.active === "failed").length;
  const since = hardwareOf(machine).booted;
  yield* call.proc.write(
    1,
    `● ${machine.name}
    State: ${failed > 0 ? "degraded" : "running"}
    Units: ${call.units.all().length} loaded (incl. loaded aliases)
     Jobs: 0 queued
   Failed: ${failed} units
    Since: ${stamp(since)}; ${ago(since, machine.kernel.clock.now)}
  systemd: 252.38-1~deb12u1
`,
  );
  return 0;
}
