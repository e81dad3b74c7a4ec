import type { Task } from "../../../machine/define.ts";
import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { setOption, setOptions, shoptNames } from "../options.ts";
import type { Shell } from "../shell.ts";

export const shopt: Builtin = {
  name: "shopt",
  usage: "[-pqsu] [-o] [optname ...]",
  help: "Set and unset shell options.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "pqsuo");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    const set = flags.has("o");
    const known = set ? setOptions.map((option) => option.name) : shoptNames;
    const isOn = (name: string) => (set ? shell.has(name) : shell.shopts.has(name));
    if (flags.has("s") || flags.has("u")) {
      if (rest.length > 0) return yield* change(shell, rest, known, set, flags.has("s"));
      const shown = known.filter((name) => isOn(name) === flags.has("s"));
      return yield* shell.out("shopt", shown.map((name) => line(name, isOn(name), flags.has("p"), set)).join(""));
    }
    let status = 0;
    let text = "";
    for (const name of rest.length > 0 ? rest : known) {
      if (!known.includes(name)) {
        yield* shell.complain(`shopt: ${name}: invalid shell option name`);
        status = 1;
        continue;
      }
      if (rest.length > 0 && !isOn(name)) status = 1;
      text += line(name, isOn(name), flags.has("p"), set);
    }
    if (!flags.has("q")) yield* shell.out("shopt", text);
    return status;
  },
};

function line(name: string, on: boolean, reusable: boolean, set: boolean): string {
  if (!reusable) return `${name.padEnd(15)}\t${on ? "on" : "off"}\n`;
  return set ? `set ${on ? "-" : "+"}o ${name}\n` : `shopt -${on ? "s" : "u"} ${name}\n`;
}

function* change(
  shell: Shell,
  names: readonly string[],
  known: readonly string[],
  set: boolean,
  on: boolean,
): Task<number> {
  let status = 0;
  for (const name of names) {
    if (!known.includes(name)) {
      yield* shell.complain(`shopt: ${name}: invalid shell option name`);
      status = 1;
    } else if (set) setOption(shell, name, on);
    else if (on) shell.shopts.add(name);
    else shell.shopts.delete(name);
  }
  return status;
}
