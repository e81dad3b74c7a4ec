import { Errno, type Task } from "../../machine/define.ts";
import type { Stat } from "../../machine/define-files.ts";
import { type Call, Fail, tool } from "./define.ts";
import { eachBelow } from "./shared/each-below.ts";
import { modeText, parseMode } from "./shared/mode.ts";
import { quote, quoteAlways } from "./shared/quote.ts";

const modeWord = /^-[rwxXstugo]+(?:[,+=-][ugoarwxXst+=-]*)*$/;

/** chmod: changes permission bits. */
export const chmod = tool({
  name: "chmod",
  usage: "[OPTION]... MODE[,MODE]... FILE...",
  options: "c,changes f,silent,quiet v,verbose R,recursive reference= preserve-root no-preserve-root",
  // -x and -w are modes, not options.
  rewrite: (argv) => {
    const at = argv.findIndex((word) => modeWord.test(word));
    return at < 0 || argv.slice(0, at).includes("--") ? argv : [...argv.slice(0, at), "--", ...argv.slice(at)];
  },
  *run(call) {
    const reference = call.value("reference");
    const [mode, ...rest] = call.operands;
    if (reference !== undefined) {
      const found = call.files.find(call.path(reference), call.who);
      if (!found) throw new Fail(`failed to get attributes of ${quoteAlways(reference)}: No such file or directory`);
      for (const name of call.operands)
        yield* eachBelow(call, name, call.has("R"), (path, stat) => set(call, path, stat, found.mode));
      return undefined;
    }
    if (mode === undefined) throw call.misuse("missing operand");
    if (rest.length === 0) throw call.misuse(`missing operand after ${quote(mode)}`);
    const change = parseMode(mode, call.proc.umask);
    if (!change) throw call.misuse(`invalid mode: ${quote(mode)}`);
    for (const name of rest)
      yield* eachBelow(call, name, call.has("R"), (path, stat) =>
        set(call, path, stat, change(stat.mode, stat.kind === "directory")),
      );
    return undefined;
  },
});

function* set(call: Call, name: string, stat: Stat, mode: number): Task {
  if (stat.kind === "link") return;
  try {
    call.files.chmod(call.path(name), mode, call.who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (call.has("f")) call.status = 1;
    else yield* call.warn(`changing permissions of ${quoteAlways(name)}: ${error.message}`);
    return;
  }
  const changed = mode !== stat.mode;
  if (!call.has("v") && !(call.has("c") && changed)) return;
  const show = (bits: number) => `${bits.toString(8).padStart(4, "0")} (${modeText({ ...stat, mode: bits }).slice(1)})`;
  call.out.put(
    changed
      ? `mode of ${quoteAlways(name)} changed from ${show(stat.mode)} to ${show(mode)}\n`
      : `mode of ${quoteAlways(name)} retained as ${show(mode)}\n`,
  );
}
