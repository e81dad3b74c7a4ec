import { Fail, tool } from "./define.ts";
import { quote } from "./shared/quote.ts";

/** fold: breaks long lines. */
export const fold = tool({
  name: "fold",
  usage: "[OPTION]... [FILE]...",
  options: "b,bytes s,spaces w,width= 0 1 2 3 4 5 6 7 8 9",
  rewrite: (argv) => argv.map((word) => (/^-\d+$/.test(word) ? `-w${word.slice(1)}` : word)),
  *run(call) {
    const given = call.value("w") ?? "80";
    if (!/^\d+$/.test(given) || Number(given) === 0) throw new Fail(`invalid number of columns: ${quote(given)}`);
    const width = Number(given);
    yield* call.eachFile(call.operands, function* (input) {
      for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
        const parts = call.has("s") ? breakAtBlanks(line, width) : breakAnywhere(line, width);
        call.out.put(parts.join("\n") + (input.terminated ? "\n" : ""));
      }
    });
    return undefined;
  },
});

function advance(column: number, character: string): number {
  if (character === "\t") return column + 8 - (column % 8);
  if (character === "\b") return Math.max(0, column - 1);
  return character === "\r" ? 0 : column + 1;
}

function breakAnywhere(line: string, width: number): string[] {
  const parts: string[] = [];
  let part = "";
  let column = 0;
  for (const character of line) {
    const next = advance(column, character);
    if (next > width && part !== "") {
      parts.push(part);
      part = "";
      column = advance(0, character);
    } else column = next;
    part += character;
  }
  return [...parts, part];
}

function breakAtBlanks(line: string, width: number): string[] {
  const parts: string[] = [];
  let rest = line;
  for (;;) {
    const [first = "", ...others] = breakAnywhere(rest, width);
    if (others.length === 0) return [...parts, first];
    const blank = Math.max(first.lastIndexOf(" "), first.lastIndexOf("\t"));
    const cut = blank < 0 ? first.length : blank + 1;
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
}
