import { usageError } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";

export const getopts: Builtin = {
  name: "getopts",
  usage: "optstring name [arg ...]",
  help: "Parse option arguments.",
  *run(shell, args) {
    const [spec, name, ...given] = args;
    if (spec === undefined || name === undefined) return yield* usageError(shell, this);
    const words = given.length > 0 ? given : shell.args;
    const { vars } = shell;
    const quiet = spec.startsWith(":") || vars.get("OPTERR") === "0";
    let { index, offset } = shell.optionAt;
    const set = (letter: string, value: string | undefined) => {
      vars.set(name, letter);
      if (value === undefined) vars.unset("OPTARG");
      else vars.set("OPTARG", value);
      vars.set("OPTIND", String(index));
      shell.optionAt = { index, offset };
    };
    const word = words[index - 1];
    if (offset === 0) {
      if (word === "--") index++;
      if (word === undefined || word === "--" || !word.startsWith("-") || word === "-") {
        set("?", undefined);
        return 1;
      }
      offset = 1;
    }
    const letter = (word ?? "")[offset] ?? "";
    const found = letter === ":" || letter === "" ? -1 : spec.indexOf(letter, spec.startsWith(":") ? 1 : 0);
    const lastOfWord = offset + 1 >= (word ?? "").length;
    const takes = found >= 0 && spec[found + 1] === ":";
    const joined = (word ?? "").slice(offset + 1);
    if (!takes) {
      if (lastOfWord) {
        index++;
        offset = 0;
      } else offset++;
      if (found >= 0) set(letter, undefined);
      else {
        set("?", spec.startsWith(":") ? letter : undefined);
        if (!quiet) yield* shell.error(`${shell.name}: illegal option -- ${letter}\n`);
      }
      return 0;
    }
    index++;
    offset = 0;
    const value = joined === "" ? words[index - 1] : joined;
    if (joined === "" && value !== undefined) index++;
    if (value !== undefined) set(letter, value);
    else {
      set(spec.startsWith(":") ? ":" : "?", spec.startsWith(":") ? letter : undefined);
      if (!quiet) yield* shell.error(`${shell.name}: option requires an argument -- ${letter}\n`);
    }
    return 0;
  },
};
