import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { filesNamed } from "../meaning.ts";

export const hash: Builtin = {
  name: "hash",
  usage: "[-lr] [-p pathname] [-dt] [name ...]",
  help: "Remember or display program locations.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "lrdtp:");
    if (typeof parsed === "number") return parsed;
    const { flags, values, rest } = parsed;
    if (flags.has("r")) shell.hashed.clear();
    if (rest.length === 0) {
      if (flags.has("r")) return 0;
      if (shell.hashed.size === 0) return yield* shell.out("hash", flags.has("l") ? "" : "hash: hash table empty\n");
      const lines = [...shell.hashed].map(([name, { path, hits }]) =>
        flags.has("l") ? `builtin hash -p ${path} ${name}\n` : `${String(hits).padStart(4)}\t${path}\n`,
      );
      return yield* shell.out("hash", `${flags.has("l") ? "" : "hits\tcommand\n"}${lines.join("")}`);
    }
    let status = 0;
    for (const name of rest) {
      const known = shell.hashed.get(name);
      const path = values.get("p") ?? filesNamed(shell, name)[0];
      if (flags.has("d") && known) shell.hashed.delete(name);
      else if (flags.has("t") && known) yield* shell.out("hash", `${known.path}\n`);
      else if (path !== undefined && !flags.has("d") && !flags.has("t")) {
        if (!name.includes("/") && !shell.run.builtin(name) && !shell.functions.has(name))
          shell.hashed.set(name, { path, hits: 0 });
      } else if (!shell.run.builtin(name) && !shell.functions.has(name)) {
        yield* shell.complain(`hash: ${name}: not found`);
        status = 1;
      }
    }
    return status;
  },
};
