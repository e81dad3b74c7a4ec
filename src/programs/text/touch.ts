import { type Micros, SECOND } from "../../base/clock.ts";
import { civilTime, dayNumber } from "../../base/time.ts";
import { Errno } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { parseDate } from "./shared/parse-date.ts";
import { quote, quoteAlways } from "./shared/quote.ts";

/** touch: makes empty files, sets times. Access times are not simulated. */
export const touch = tool({
  name: "touch",
  usage: "[OPTION]... FILE...",
  options: "a c,no-create d,date= f h,no-dereference m r,reference= t= time=",
  *run(call) {
    const names = call.operands;
    const stamp = call.value("t");
    const at = stamp === undefined ? timeOf(call) : stampTime(call, stamp);
    if (names.length === 0) throw call.misuse("missing file operand");
    for (const name of names) {
      const path = call.path(name);
      try {
        const exists = call.files.find(path, call.who) !== undefined;
        if (!exists && call.has("c")) continue;
        if (!exists) call.files.write(path, "", call.who, { mode: 0o666 & ~call.proc.umask });
        if (!(call.has("a") && !call.has("m"))) call.files.setModified(path, at, call.who);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        const verb = error.code === "EPERM" && call.files.find(path, call.who) ? "setting times of" : "cannot touch";
        yield* call.warn(`${verb} ${quoteAlways(name)}: ${error.message}`);
      }
    }
    return undefined;
  },
});

function timeOf(call: Call): Micros {
  const { now } = call.proc.machine.kernel.clock;
  const reference = call.value("r");
  if (reference !== undefined) {
    const stat = call.files.find(call.path(reference), call.who);
    if (!stat) throw new Fail(`failed to get attributes of ${quoteAlways(reference)}: No such file or directory`);
    return stat.modified;
  }
  const given = call.value("d");
  if (given === undefined) return now;
  const at = parseDate(given, now);
  if (at === undefined) throw new Fail(`invalid date format ${quote(given)}`);
  return at;
}

/** [[CC]YY]MMDDhhmm[.ss] */
function stampTime(call: Call, text: string): Micros {
  const found = /^(\d{4}|\d{2})?(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(text);
  if (!found) throw new Fail(`invalid date format ${quote(text)}`);
  const [, year, month, day, hour, minute, second = "0"] = found;
  const thisYear = civilTime(call.proc.machine.kernel.clock.now).year;
  const full =
    year === undefined ? thisYear : year.length === 4 ? Number(year) : Number(year) + (Number(year) < 69 ? 2000 : 1900);
  return (
    (dayNumber(full, Number(month), Number(day)) * 86_400 +
      Number(hour) * 3600 +
      Number(minute) * 60 +
      Number(second)) *
    SECOND
  );
}
