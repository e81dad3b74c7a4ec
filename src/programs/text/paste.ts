import { Errno, type Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import type { Input } from "./shared/input.ts";
import { quoteName } from "./shared/quote.ts";

/** paste: lines of several files side by side, or of one file after each other. */
export const paste = tool({
  name: "paste",
  usage: "[OPTION]... [FILE]...",
  options: "d,delimiters= s,serial z,zero-terminated",
  *run(call) {
    const delimiters = delimitersOf(call.value("d") ?? "\t");
    const end = call.has("z") ? "\0" : "\n";
    const names = call.operands.length === 0 ? ["-"] : call.operands;
    if (call.has("s")) yield* serial(call, names, delimiters, end);
    else yield* parallel(call, names, delimiters, end);
    return undefined;
  },
});

function delimitersOf(list: string): readonly string[] {
  if (list === "") return [""];
  const simple: Readonly<Record<string, string>> = {
    n: "\n",
    t: "\t",
    "0": "",
    "\\": "\\",
    b: "\b",
    f: "\f",
    r: "\r",
    v: "\v",
  };
  const found = [...list.matchAll(/\\([\s\S])|([\s\S])/gu)];
  return found.map(([, escaped, plain]) => (escaped === undefined ? (plain ?? "") : (simple[escaped] ?? escaped)));
}

function* serial(call: Call, names: readonly string[], delimiters: readonly string[], end: string): Task {
  yield* call.eachFile(
    names,
    function* (input) {
      let count = 0;
      for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
        if (count > 0) call.out.put(delimiters[(count - 1) % delimiters.length] ?? "");
        call.out.put(line);
        count++;
      }
      call.out.put(end);
    },
    end,
  );
}

function* parallel(call: Call, names: readonly string[], delimiters: readonly string[], end: string): Task {
  const stdin = call.open("-", end);
  const inputs: (Input | undefined)[] = names.map((name) => {
    if (name === "-") return stdin;
    try {
      return call.open(name, end);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`${quoteName(name)}: ${error.message}`);
    }
  });
  for (;;) {
    let row = "";
    let any = false;
    for (const [index, input] of inputs.entries()) {
      const line = input ? yield* input.line() : undefined;
      if (line === undefined) inputs[index] = undefined;
      else any = true;
      row += (index === 0 ? "" : (delimiters[(index - 1) % delimiters.length] ?? "")) + (line ?? "");
    }
    if (!any) return;
    call.out.put(row + end);
  }
}
