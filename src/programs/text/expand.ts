import { type Call, Fail, tool } from "./define.ts";
import { quote } from "./shared/quote.ts";

/** Where the tabs of a line stand. */
interface Stops {
  /** The first stop beyond a column; undefined behind the last one of a list. */
  after(column: number): number | undefined;
}

/** expand: blanks in the place of tabs. */
export const expand = tool({
  name: "expand",
  usage: "[OPTION]... [FILE]...",
  options: "i,initial t,tabs=",
  rewrite: (argv) => argv.map((word) => (/^-\d[\d,]*$/.test(word) ? `-t${word.slice(1)}` : word)),
  *run(call) {
    const stops = stopsOf(call);
    yield* call.eachFile(call.operands, function* (input) {
      for (let line = yield* input.line(); line !== undefined; line = yield* input.line())
        call.out.put(expanded(line, stops, call.has("i")) + (input.terminated ? "\n" : ""));
    });
    return undefined;
  },
});

/** unexpand: tabs in the place of blanks, of the first ones of a line or (-a) of all runs of two and more. */
export const unexpand = tool({
  name: "unexpand",
  usage: "[OPTION]... [FILE]...",
  options: "a,all first-only t,tabs=",
  *run(call) {
    const stops = stopsOf(call);
    const all = (call.has("a") || call.has("t")) && !call.has("first-only");
    yield* call.eachFile(call.operands, function* (input) {
      for (let line = yield* input.line(); line !== undefined; line = yield* input.line())
        call.out.put(unexpanded(line, stops, all) + (input.terminated ? "\n" : ""));
    });
    return undefined;
  },
});

function stopsOf(call: Call): Stops {
  const given = call.given.filter(({ key }) => key === "t").flatMap(({ value = "" }) => value.split(/[ ,]+/));
  const bad = given.find((text) => !/^\d*$/.test(text));
  if (bad !== undefined)
    throw new Fail(`tab size contains invalid character(s): ${quote(/[^\d].*/.exec(bad)?.[0] ?? bad)}`);
  const list = given.filter((text) => text !== "").map(Number);
  if (list.includes(0)) throw new Fail("tab size cannot be 0");
  if (list.some((stop, at) => at > 0 && stop <= (list[at - 1] ?? 0))) throw new Fail("tab sizes must be ascending");
  const [size = 8] = list;
  if (list.length <= 1) return { after: (column) => column + size - (column % size) };
  return { after: (column) => list.find((stop) => stop > column) };
}

function expanded(line: string, stops: Stops, initial: boolean): string {
  if (!line.includes("\t")) return line;
  let text = "";
  let column = 0;
  let leading = true;
  for (const character of line) {
    if (character === "\t" && (leading || !initial)) {
      const width = (stops.after(column) ?? column + 1) - column;
      text += " ".repeat(width);
      column += width;
      continue;
    }
    leading &&= character === " " || character === "\t";
    text += character;
    column += character === "\b" ? -1 : 1;
  }
  return text;
}

function unexpanded(line: string, stops: Stops, all: boolean): string {
  let text = "";
  let column = 0;
  let blanks = "";
  let leading = true;
  const settle = () => {
    text += blanks;
    blanks = "";
  };
  for (const character of line) {
    const blank = character === " " || character === "\t";
    if (!blank || !(leading || all)) {
      settle();
      leading &&= blank;
      text += character;
      column++;
      continue;
    }
    const stop = stops.after(column);
    if (character === "\t") {
      text += "\t";
      blanks = "";
      column = stop ?? column + 1;
      continue;
    }
    blanks += " ";
    column++;
    if (column !== stop) continue;
    // A single blank stays one, unless it stands at the beginning or a tab comes before it.
    text += blanks.length > 1 || leading || text.endsWith("\t") ? "\t" : blanks;
    blanks = "";
  }
  return text + blanks;
}
