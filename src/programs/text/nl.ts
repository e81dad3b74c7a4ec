import { type Call, tool } from "./define.ts";
import { compileRegex } from "./regex/compile.ts";
import { quote } from "./shared/quote.ts";

/** nl: numbers lines. */
export const nl = tool({
  name: "nl",
  usage: "[OPTION]... [FILE]...",
  options:
    "b,body-numbering= d,section-delimiter= f,footer-numbering= h,header-numbering= i,line-increment= l,join-blank-lines= n,number-format= p,no-renumber s,number-separator= v,starting-line-number= w,number-width=",
  *run(call) {
    const number = (key: string, fallback: number) => Number(call.value(key) ?? fallback);
    const styles = {
      body: styleOf(call, "b", "t", "body"),
      header: styleOf(call, "h", "n", "header"),
      footer: styleOf(call, "f", "n", "footer"),
    };
    const format = call.value("n") ?? "rn";
    if (!["ln", "rn", "rz"].includes(format)) throw call.misuse(`invalid line numbering format: ${quote(format)}`);
    const [width, step, separator] = [number("w", 6), number("i", 1), call.value("s") ?? "\t"];
    let next = number("v", 1);
    let section: keyof typeof styles = "body";
    yield* call.eachFile(call.operands, function* (input) {
      for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
        const delimiter = { "\\:\\:\\:": "header", "\\:\\:": "body", "\\:": "footer" }[line] as
          | keyof typeof styles
          | undefined;
        if (delimiter) {
          section = delimiter;
          if (!call.has("p")) next = number("v", 1);
          call.out.put("\n");
          continue;
        }
        if (!styles[section](line)) {
          call.out.put(`${" ".repeat(width + separator.length)}${line}\n`);
          continue;
        }
        call.out.put(`${numbered(next, width, format)}${separator}${line}\n`);
        next += step;
      }
    });
    return undefined;
  },
});

function styleOf(call: Call, key: string, fallback: string, what: string): (line: string) => boolean {
  const style = call.value(key) ?? fallback;
  if (style === "a") return () => true;
  if (style === "n") return () => false;
  if (style === "t") return (line) => line !== "";
  if (!style.startsWith("p")) throw call.misuse(`invalid ${what} numbering style: ${quote(style)}`);
  const pattern = compileRegex(style.slice(1), { extended: false });
  return (line) => pattern.test(line);
}

function numbered(value: number, width: number, format: string): string {
  if (format === "ln") return String(value).padEnd(width);
  if (format === "rn") return String(value).padStart(width);
  return value < 0 ? `-${String(-value).padStart(width - 1, "0")}` : String(value).padStart(width, "0");
}
