import type { Task } from "../../../machine/define.ts";
import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { functionText } from "../function-text.ts";
import { meaningsOf } from "../meaning.ts";
import type { Shell } from "../shell.ts";

export const type: Builtin = {
  name: "type",
  usage: "[-afptP] name [name ...]",
  help: "Display information about command type.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "afptP");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    let status = 0;
    for (const name of rest) {
      const found = meaningsOf(shell, name, {
        all: flags.has("a"),
        pathOnly: flags.has("P"),
        functions: !flags.has("f"),
      });
      const shown = flags.has("a") ? found : found.slice(0, 1);
      for (const one of shown) {
        if (flags.has("t")) yield* shell.out("type", `${one.kind}\n`);
        else if (flags.has("p") || flags.has("P")) {
          if (one.kind === "file") yield* shell.out("type", `${one.path}\n`);
        } else yield* shell.out("type", describe(shell, name, one));
      }
      if (found.length > 0) continue;
      if (!flags.has("t") && !flags.has("p") && !flags.has("P")) yield* shell.complain(`type: ${name}: not found`);
      status = 1;
    }
    return status;
  },
};

/** What `type` and `command -V` say of a name. */
export function describe(shell: Shell, name: string, one: ReturnType<typeof meaningsOf>[number]): string {
  switch (one.kind) {
    case "alias":
      return `${name} is aliased to \`${shell.aliases.get(name)}'\n`;
    case "keyword":
      return `${name} is a shell keyword\n`;
    case "function": {
      const known = shell.functions.get(name);
      return `${name} is a function\n${known ? functionText(known) : ""}`;
    }
    case "builtin":
      return `${name} is a shell builtin\n`;
    case "file":
      return one.hashed ? `${name} is hashed (${one.path})\n` : `${name} is ${one.path}\n`;
  }
}

export const command: Builtin = {
  name: "command",
  usage: "[-pVv] command [arg ...]",
  help: "Execute a simple command or display information about commands.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "pVv");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    if (flags.has("v") || flags.has("V")) return yield* tell(shell, rest, flags.has("V"));
    if (rest.length === 0) return 0;
    return yield* shell.run.runCommand(shell, rest, {
      functions: false,
      ...(flags.has("p") && { path: "/usr/sbin:/usr/bin:/sbin:/bin" }),
    });
  },
};

function* tell(shell: Shell, names: readonly string[], long: boolean): Task<number> {
  let status = names.length === 0 ? 0 : 1;
  for (const name of names) {
    const [one] = meaningsOf(shell, name, { all: false, pathOnly: false, functions: true });
    if (!one) {
      if (long) yield* shell.complain(`command: ${name}: not found`);
      continue;
    }
    status = 0;
    if (long) yield* shell.out("command", describe(shell, name, one));
    else
      yield* shell.out(
        "command",
        `${one.kind === "file" ? one.path : one.kind === "alias" ? `alias ${name}='${shell.aliases.get(name)}'` : name}\n`,
      );
  }
  return status;
}

export const builtin: Builtin = {
  name: "builtin",
  usage: "[shell-builtin [arg ...]]",
  help: "Execute shell builtins.",
  *run(shell, args) {
    const [name, ...rest] = args[0] === "--" ? args.slice(1) : args;
    if (name === undefined) return 0;
    const found = shell.run.builtin(name);
    if (!found) {
      yield* shell.complain(`builtin: ${name}: not a shell builtin`);
      return 1;
    }
    return yield* found.run(shell, rest, new Map());
  },
};
