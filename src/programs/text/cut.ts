import { bytesOf, textOf } from "../../base/text-bytes.ts";
import { type Call, Fail, tool } from "./define.ts";
import { quote } from "./shared/quote.ts";

type Range = readonly [number, number];

/** cut: fields, or bytes (GNU's -c means bytes too). */
export const cut = tool({
  name: "cut",
  usage: "OPTION... [FILE]...",
  options:
    "b,bytes= c,characters= d,delimiter= f,fields= n complement s,only-delimited output-delimiter= z,zero-terminated",
  *run(call) {
    const lists = call.given.filter(({ key }) => key === "b" || key === "c" || key === "f");
    const [list, another] = lists;
    if (!list) throw call.misuse("you must specify a list of bytes, characters, or fields");
    if (another) throw call.misuse("only one list may be specified");
    const fields = list.key === "f";
    const delimiter = delimiterOf(call, fields);
    const ranges = parseRanges(call, list.value ?? "", fields);
    const end = call.has("z") ? "\0" : "\n";
    const select = fields
      ? (line: string) => cutFields(line, delimiter, ranges, call.has("s"), call.value("output-delimiter") ?? delimiter)
      : (line: string) => cutBytes(line, ranges, call.value("output-delimiter") ?? "");
    yield* call.eachFile(
      call.operands,
      function* (input) {
        for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
          const shown = select(line);
          if (shown !== undefined) call.out.put(shown + end);
        }
      },
      end,
    );
    return undefined;
  },
});

function delimiterOf(call: Call, fields: boolean): string {
  const given = call.value("d");
  if (given !== undefined && [...given].length > 1) throw call.misuse("the delimiter must be a single character");
  if (!fields && given !== undefined)
    throw call.misuse("an input delimiter may be specified only when operating on fields");
  if (!fields && call.has("s"))
    throw call.misuse("suppressing non-delimited lines makes sense\n\tonly when operating on fields");
  return given === undefined ? "\t" : given === "" ? "\0" : given;
}

function parseRanges(call: Call, list: string, fields: boolean): readonly Range[] {
  const what = fields ? "field" : "byte/character position";
  const ranges: [number, number][] = [];
  for (const part of list.split(/[, \t]/)) {
    const found = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!found)
      throw new Fail(
        fields ? `invalid field value ${quote(part)}` : `invalid byte or character position ${quote(part)}`,
        1,
        true,
      );
    const [, from = "", dash, to = ""] = found;
    if (dash !== "" && from === "" && to === "") throw call.misuse("invalid range with no endpoint: -");
    if (dash === "" && from === "")
      throw call.misuse(`${fields ? "fields are" : "byte/character positions are"} numbered from 1`);
    const low = from === "" ? 1 : Number(from);
    const high = dash === "" ? low : to === "" ? Number.POSITIVE_INFINITY : Number(to);
    if (low === 0 || high === 0)
      throw call.misuse(`${what === "field" ? "fields" : "byte/character positions"} are numbered from 1`);
    if (high < low) throw call.misuse("invalid decreasing range");
    ranges.push([low, high]);
  }
  ranges.sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [low, high] of ranges) {
    const last = merged.at(-1);
    // Ranges that only touch stay apart, because an output delimiter stands between them.
    if (last && low <= last[1]) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return call.has("complement") ? complement(merged) : merged;
}

function complement(ranges: readonly Range[]): Range[] {
  const others: Range[] = [];
  let next = 1;
  for (const [low, high] of ranges) {
    if (low > next) others.push([next, low - 1]);
    next = high + 1;
  }
  if (next !== Number.POSITIVE_INFINITY) others.push([next, Number.POSITIVE_INFINITY]);
  return others;
}

function cutFields(
  line: string,
  delimiter: string,
  ranges: readonly Range[],
  onlyDelimited: boolean,
  joiner: string,
): string | undefined {
  if (!line.includes(delimiter)) return onlyDelimited ? undefined : line;
  const fields = line.split(delimiter);
  const chosen: string[] = [];
  for (const [low, high] of ranges) chosen.push(...fields.slice(low - 1, high));
  return chosen.join(joiner);
}

function cutBytes(line: string, ranges: readonly Range[], joiner: string): string {
  const bytes = bytesOf(line);
  const parts: string[] = [];
  for (const [low, high] of ranges) if (low <= bytes.length) parts.push(textOf(bytes.slice(low - 1, high)));
  return textOf(bytesOf(parts.join(joiner)));
}
