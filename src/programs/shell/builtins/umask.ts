import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";

export const umask: Builtin = {
  name: "umask",
  usage: "[-p] [-S] [mode]",
  help: "Display or set file mode mask.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "pS");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    const { proc } = shell;
    const [mode] = rest;
    if (mode === undefined) {
      const octal = `0${proc.umask.toString(8).padStart(3, "0")}`;
      const shown = flags.has("S") ? symbolic(~proc.umask & 0o777) : octal;
      return yield* shell.out("umask", `${flags.has("p") ? `umask ${flags.has("S") ? "-S " : ""}` : ""}${shown}\n`);
    }
    if (/^\d/.test(mode)) {
      if (!/^[0-7]{1,4}$/.test(mode)) {
        yield* shell.complain(`umask: ${mode}: octal number out of range`);
        return 1;
      }
      proc.umask = Number.parseInt(mode, 8) & 0o777;
      return 0;
    }
    const changed = applied(mode, ~proc.umask & 0o777);
    if (typeof changed === "string") {
      yield* shell.complain(`umask: ${changed}`);
      return 1;
    }
    proc.umask = ~changed & 0o777;
    return flags.has("S") ? yield* shell.out("umask", `${symbolic(changed)}\n`) : 0;
  },
};

function symbolic(allowed: number): string {
  const part = (shift: number) => [..."rwx"].map((letter, i) => ((allowed >> shift) & (4 >> i) ? letter : "")).join("");
  return `u=${part(6)},g=${part(3)},o=${part(0)}`;
}

/** What a symbolic mode like u=rwx,g-w makes of the allowed bits. */
function applied(mode: string, allowed: number): number | string {
  let now = allowed;
  for (const clause of mode.split(",")) {
    const match = /^([ugoa]*)([-+=]?)([rwx]*)(.?)/.exec(clause);
    if (!match) return now;
    if (match[2] === "") return `\`${clause[match[1]?.length ?? 0] ?? ""}': invalid symbolic mode operator`;
    if (match[4] !== "") return `\`${match[4]}': invalid symbolic mode character`;
    const [, who = "", operator, rights = ""] = match;
    const bits = [...rights].reduce((sum, letter) => sum | { r: 4, w: 2, x: 1 }[letter as "r"], 0);
    for (const one of who === "" || who.includes("a") ? "ugo" : who) {
      const shift = { u: 6, g: 3, o: 0 }[one as "u"];
      if (operator === "=") now = (now & ~(7 << shift)) | (bits << shift);
      else if (operator === "+") now |= bits << shift;
      else now &= ~(bits << shift);
    }
  }
  return now;
}
