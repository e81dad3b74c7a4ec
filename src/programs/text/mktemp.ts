import { Errno } from "../../machine/define.ts";
import { Fail, tool } from "./define.ts";
import { joinPath } from "./shared/paths.ts";
import { quote } from "./shared/quote.ts";

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** mktemp: makes a file or directory with a name that nobody has. */
export const mktemp = tool({
  name: "mktemp",
  usage: "[OPTION]... [TEMPLATE]",
  options: "d,directory u,dry-run q,quiet suffix= p,tmpdir? t",
  rewrite: (argv) =>
    argv.flatMap((word, at) =>
      word === "-p" && at + 1 < argv.length ? [] : argv[at - 1] === "-p" ? [`--tmpdir=${word}`] : [word],
    ),
  *run(call) {
    const [template = "tmp.XXXXXXXXXX", extra] = call.operands;
    if (extra !== undefined) throw call.misuse("too many templates");
    const [, before = "", xs = "", after = ""] = /^(.*?)(X+)([^X]*)$/s.exec(template) ?? [];
    if (xs.length < 3) throw new Fail(`too few X's in template ${quote(template)}`);
    const folder = call.has("p")
      ? (call.value("p") ?? call.proc.env.get("TMPDIR") ?? "/tmp")
      : call.operands.length === 0 || call.has("t")
        ? (call.proc.env.get("TMPDIR") ?? "/tmp")
        : undefined;
    const prefix = folder === undefined ? before : joinPath(folder, before);
    const { random } = call.proc.machine.kernel;
    const name = `${prefix}${[...xs].map(() => letters[random.below(letters.length)]).join("")}${after}${call.value("suffix") ?? ""}`;
    try {
      if (!call.has("u")) {
        if (call.has("d")) call.files.mkdir(call.path(name), call.who, { mode: 0o700 });
        else call.files.write(call.path(name), "", call.who, { mode: 0o600 });
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (call.has("q")) return 1;
      const shown = prefix + xs + after + (call.value("suffix") ?? "");
      throw new Fail(
        `failed to create ${call.has("d") ? "directory" : "file"} via template ${quote(shown)}: ${error.message}`,
      );
    }
    call.out.put(`${name}\n`);
    return undefined;
  },
});
