import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";

const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

export const alias: Builtin = {
  name: "alias",
  usage: "[-p] [name[=value] ... ]",
  help: "Define or display aliases.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "p");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    if (rest.length === 0 || flags.has("p")) {
      const all = [...shell.aliases].sort(([a], [b]) => (a < b ? -1 : 1));
      yield* shell.out("alias", all.map(([name, value]) => `alias ${name}=${quoted(value)}\n`).join(""));
    }
    let status = 0;
    for (const text of rest) {
      const at = text.indexOf("=");
      const name = at > 0 ? text.slice(0, at) : text;
      const known = shell.aliases.get(name);
      if (at > 0 && /[\s$`'"\\/;&|<>()]/.test(name)) {
        yield* shell.complain(`alias: \`${name}': invalid alias name`);
        status = 1;
      } else if (at > 0) shell.aliases.set(name, text.slice(at + 1));
      else if (known !== undefined) yield* shell.out("alias", `alias ${name}=${quoted(known)}\n`);
      else {
        yield* shell.complain(`alias: ${name}: not found`);
        status = 1;
      }
    }
    return status;
  },
};

export const unalias: Builtin = {
  name: "unalias",
  usage: "[-a] name [name ...]",
  help: "Remove each NAME from the list of defined aliases.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "a");
    if (typeof parsed === "number") return parsed;
    if (parsed.flags.has("a")) {
      shell.aliases.clear();
      return 0;
    }
    if (parsed.rest.length === 0) {
      yield* shell.error(`unalias: usage: unalias ${this.usage}\n`);
      return 2;
    }
    let status = 0;
    for (const name of parsed.rest) {
      if (shell.aliases.delete(name)) continue;
      yield* shell.complain(`unalias: ${name}: not found`);
      status = 1;
    }
    return status;
  },
};
