import type { Task } from "../../../machine/define.ts";
import { parseOptions } from "../builtin-options.ts";
import { candidates, spellSpec } from "../complete-words.ts";
import type { Builtin, CompletionSpec } from "../define.ts";
import type { Shell } from "../shell.ts";

const letters = "abcdefgjksuvo:A:G:W:F:C:X:P:S:";
/** What the single letters stand for (complete -f is -A file). */
const actionOf: Readonly<Record<string, string>> = {
  a: "alias",
  b: "builtin",
  c: "command",
  d: "directory",
  e: "export",
  f: "file",
  g: "group",
  j: "job",
  k: "keyword",
  s: "service",
  u: "user",
  v: "variable",
};

export const complete: Builtin = {
  name: "complete",
  usage:
    "[-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]",
  help: "Specify how arguments are to be completed by Readline.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, `${letters}prDEI`);
    if (typeof parsed === "number") return parsed;
    const { flags } = parsed;
    const names = [
      ...parsed.rest,
      ...(flags.has("D") ? ["-D"] : []),
      ...(flags.has("E") ? ["-E"] : []),
      ...(flags.has("I") ? ["-I"] : []),
    ];
    if (flags.has("r")) {
      if (names.length === 0) shell.completions.clear();
      for (const name of names) shell.completions.delete(name);
      return 0;
    }
    if (flags.has("p") || args.length === 0) return yield* print(shell, names);
    if (names.length === 0) {
      yield* shell.error(`complete: usage: complete ${this.usage}\n`);
      return 2;
    }
    const spec = specOf(args, parsed.flags, parsed.values);
    for (const name of names) shell.completions.set(name, spec);
    return 0;
  },
};

/** -o and -A may come several times. */
function specOf(
  args: readonly string[],
  flags: ReadonlySet<string>,
  values: ReadonlyMap<string, string>,
): CompletionSpec {
  const actions = [...flags].flatMap((letter) => actionOf[letter] ?? []);
  const options: string[] = [];
  for (let i = 0; i < args.length - 1; i++) {
    if (args[i] === "-o") options.push(args[i + 1] as string);
    if (args[i] === "-A") actions.push(args[i + 1] as string);
  }
  return {
    actions,
    options,
    words: values.get("W"),
    glob: values.get("G"),
    functionName: values.get("F"),
    command: values.get("C"),
    filter: values.get("X"),
    prefix: values.get("P"),
    suffix: values.get("S"),
  };
}

function* print(shell: Shell, names: readonly string[]): Task<number> {
  let status = 0;
  for (const name of names.length > 0 ? names : shell.completions.keys()) {
    const spec = shell.completions.get(name);
    if (spec) yield* shell.out("complete", `complete ${spellSpec(spec)}${name}\n`);
    else {
      yield* shell.complain(`complete: ${name}: no completion specification`);
      status = 1;
    }
  }
  return status;
}

export const compgen: Builtin = {
  name: "compgen",
  usage:
    "[-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [word]",
  help: "Display possible completions depending on the options.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, letters);
    if (typeof parsed === "number") return parsed;
    const words = yield* candidates(shell, specOf(args, parsed.flags, parsed.values), parsed.rest[0] ?? "", [
      "compgen",
      parsed.rest[0] ?? "",
    ]);
    yield* shell.out("compgen", words.map((word) => `${word}\n`).join(""));
    return words.length > 0 ? 0 : 1;
  },
};

export const compopt: Builtin = {
  name: "compopt",
  usage: "[-o|+o option] [-DEI] [name ...]",
  help: "Modify or display completion options.",
  *run(shell, args) {
    if (!shell.completing) {
      yield* shell.complain("compopt: not currently executing completion function");
      return 1;
    }
    for (let i = 0; i < args.length - 1; i++) {
      if (args[i] === "-o") shell.completing.add(args[++i] as string);
      else if (args[i] === "+o") shell.completing.delete(args[++i] as string);
    }
    return 0;
  },
};
