import { SECOND } from "../../base/clock.ts";
import { formatDate } from "../../base/format-time.ts";
import { Errno } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import { parseDate } from "./shared/parse-date.ts";
import { quote } from "./shared/quote.ts";

const isoForms: Readonly<Record<string, string>> = {
  date: "%Y-%m-%d",
  hours: "%Y-%m-%dT%H%:z",
  minutes: "%Y-%m-%dT%H:%M%:z",
  seconds: "%Y-%m-%dT%H:%M:%S%:z",
  ns: "%Y-%m-%dT%H:%M:%S,%N%:z",
};
const rfc3339: Readonly<Record<string, string>> = {
  date: "%Y-%m-%d",
  seconds: "%Y-%m-%d %H:%M:%S%:z",
  ns: "%Y-%m-%d %H:%M:%S.%N%:z",
};

/** date: shows the world's time, in UTC. The clock cannot be set. */
export const date = tool({
  name: "date",
  usage: "[OPTION]... [+FORMAT]",
  options: "d,date= debug f,file= I,iso-8601? r,reference= R,rfc-email rfc-3339= s,set= u,utc,universal",
  *run(call) {
    const [operand, extra] = call.operands;
    if (call.has("s")) throw new Fail("cannot set date: Operation not permitted");
    if (operand !== undefined && !operand.startsWith("+"))
      throw new Fail(
        /^\d{8,12}(\.\d\d)?$/.test(operand)
          ? "cannot set date: Operation not permitted"
          : `invalid date ${quote(operand)}`,
      );
    if (extra !== undefined) throw call.misuse(`extra operand ${quote(extra)}`);
    const at = momentOf(call);
    call.out.put(`${formatDate(formatOf(call, operand), at)}\n`);
    return undefined;
  },
});

function momentOf(call: Call): number {
  const { now } = call.proc.machine.kernel.clock;
  const reference = call.value("r");
  if (reference !== undefined) {
    try {
      return call.files.stat(call.path(reference), call.who).modified;
    } catch (error) {
      if (error instanceof Errno) throw new Fail(`${reference}: ${error.message}`);
      throw error;
    }
  }
  const given = call.value("d");
  if (given === undefined) return now;
  const at = parseDate(given, Math.floor(now / SECOND) * SECOND + (given.trim() === "now" ? now % SECOND : 0));
  if (at === undefined) throw new Fail(`invalid date ${quote(given)}`);
  return at;
}

function formatOf(call: Call, operand: string | undefined): string {
  if (operand !== undefined) return operand.slice(1);
  if (call.has("R")) return "%a, %d %b %Y %H:%M:%S +0000";
  const iso = call.has("I") ? (call.value("I") ?? "date") : undefined;
  if (iso !== undefined) {
    const known = Object.keys(isoForms).find((name) => name.startsWith(iso));
    if (!known) throw call.misuse(`invalid argument ${quote(iso)} for ‘--iso-8601’`);
    return isoForms[known] ?? "";
  }
  const rfc = call.value("rfc-3339");
  if (rfc !== undefined) return rfc3339[rfc] ?? "%Y-%m-%d";
  return "%a %b %e %H:%M:%S %Z %Y";
}
