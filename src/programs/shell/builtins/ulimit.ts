import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";

/** The limits that a login on Debian 12 shows: what, unit, letter, value. They are shown and kept, not enforced. */
const limits: readonly (readonly [words: string, unit: string, letter: string, value: string])[] = [
  ["real-time non-blocking time", "microseconds, ", "R", "unlimited"],
  ["core file size", "blocks, ", "c", "0"],
  ["data seg size", "kbytes, ", "d", "unlimited"],
  ["scheduling priority", "", "e", "0"],
  ["file size", "blocks, ", "f", "unlimited"],
  ["pending signals", "", "i", "15595"],
  ["max locked memory", "kbytes, ", "l", "503580"],
  ["max memory size", "kbytes, ", "m", "unlimited"],
  ["open files", "", "n", "1024"],
  ["pipe size", "512 bytes, ", "p", "8"],
  ["POSIX message queues", "bytes, ", "q", "819200"],
  ["real-time priority", "", "r", "0"],
  ["stack size", "kbytes, ", "s", "8192"],
  ["cpu time", "seconds, ", "t", "unlimited"],
  ["max user processes", "", "u", "1024"],
  ["virtual memory", "kbytes, ", "v", "unlimited"],
  ["file locks", "", "x", "unlimited"],
];

export const ulimit: Builtin = {
  name: "ulimit",
  usage: "[-SHabcdefiklmnpqrstuvxPRT] [limit]",
  help: "Modify shell resource limits.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "SHabcdefiklmnpqrstuvxPRT");
    if (typeof parsed === "number") return parsed;
    const { flags, rest } = parsed;
    const letters = [...flags].filter((letter) => !"SHa".includes(letter));
    const current = (letter: string, usual: string) => shell.limits.get(letter) ?? usual;
    if (flags.has("a")) {
      const lines = limits.map(
        ([words, unit, letter, value]) =>
          `${words.padEnd(28)}${`(${unit}-${letter}) `.padStart(12)}${current(letter, value)}\n`,
      );
      return yield* shell.out("ulimit", lines.join(""));
    }
    for (const letter of letters.length > 0 ? letters : ["f"]) {
      const limit = limits.find(([, , known]) => known === letter);
      if (rest[0] === undefined) {
        const name = letters.length > 1 ? `${limit?.[0].padEnd(28)}${`(${limit?.[1]}-${letter}) `.padStart(12)}` : "";
        yield* shell.out("ulimit", `${name}${current(letter, limit?.[3] ?? "unlimited")}\n`);
      } else if (/^(\d+|unlimited|hard|soft)$/.test(rest[0])) shell.limits.set(letter, rest[0]);
      else {
        yield* shell.complain(`ulimit: ${rest[0]}: invalid number`);
        return 1;
      }
    }
    return 0;
  },
};
