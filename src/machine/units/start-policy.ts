import { type Micros, SECOND } from "../../base/clock.ts";
import { type Files, root } from "../define-files.ts";
import { seconds, setting, settingsOf, type UnitSettings } from "./parse-unit.ts";

/** DefaultStartLimitIntervalSec and DefaultStartLimitBurst of systemd 252. */
const LIMIT_INTERVAL = 10;
const LIMIT_BURST = 5;

/** Whether one more start now is one too many; `starts` are those so far, and takes this one in. */
export function tooManyStarts(settings: UnitSettings, starts: Micros[], now: Micros): boolean {
  const interval =
    seconds(setting(settings, "Unit", "StartLimitIntervalSec") ?? setting(settings, "Service", "StartLimitInterval")) ??
    LIMIT_INTERVAL;
  const burst = Number(
    setting(settings, "Unit", "StartLimitBurst") ?? setting(settings, "Service", "StartLimitBurst") ?? LIMIT_BURST,
  );
  const recent = starts.filter((start) => start > now - interval * SECOND);
  starts.splice(0, starts.length, ...recent);
  if (interval > 0 && burst > 0 && starts.length >= burst) return true;
  starts.push(now);
  return false;
}

/** Whether Restart= asks for a new start after this end (systemd.service(5), table 1). */
export function wantsRestart(settings: UnitSettings, result: string): boolean {
  const clean = result === "success";
  switch (setting(settings, "Service", "Restart") ?? "no") {
    case "always":
      return true;
    case "on-success":
      return clean;
    case "on-failure":
      return !clean;
    case "on-abnormal":
      return !clean && result !== "exit-code";
    case "on-abort":
      return result === "signal";
    default:
      return false;
  }
}

const conditions: readonly (readonly [key: string, test: (files: Files, path: string) => boolean])[] = [
  ["ConditionPathExists", (files, path) => files.find(path, root) !== undefined],
  ["ConditionPathIsDirectory", (files, path) => files.find(path, root)?.kind === "directory"],
  ["ConditionFileNotEmpty", (files, path) => (files.find(path, root)?.size ?? 0) > 0],
];

/** The first condition that is not met, as KEY=VALUE. */
export function unmetCondition(files: Files, settings: UnitSettings): string | undefined {
  for (const [key, test] of conditions)
    for (const value of settingsOf(settings, "Unit", key))
      if (test(files, value.replace(/^!/, "")) === value.startsWith("!")) return `${key}=${value}`;
  return undefined;
}
