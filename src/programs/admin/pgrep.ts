import { FormatError } from "../../base/format-error.ts";
import { guestRegex } from "../../base/regex.ts";
import { Errno, type Program, type Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { processTable, sendSignal, signalNamed } from "../../machine/signalling.ts";
import { userNamed } from "../../machine/users.ts";
import { type ParsedArguments, parseArguments } from "./define.ts";

const KNOWN =
  "f,full x,exact l,list-name a,list-full u,euid= U,uid= n,newest o,oldest c,count P,parent= v,inverse i,ignore-case e,echo d,delimiter= signal=";

interface Match {
  readonly pid: number;
  readonly proc: Process;
}

/** Finds processes by name. */
export const pgrep: Program = {
  name: "pgrep",
  *run(proc, argv) {
    const given = parseArguments(argv, KNOWN);
    const found = yield* find(proc, "pgrep", given);
    if (typeof found === "number") return found;
    const { options } = given;
    if (options.has("c")) yield* proc.write(1, `${found.length}\n`);
    else {
      const lines = found.map(({ pid, proc: other }) => {
        if (options.has("a")) return `${pid} ${other.argv.join(" ")}`;
        return options.has("l") ? `${pid} ${nameOf(other)}` : String(pid);
      });
      if (lines.length > 0) yield* proc.write(1, `${lines.join(options.get("d") ?? "\n")}\n`);
    }
    return found.length > 0 ? 0 : 1;
  },
};

/** Signals processes by name. */
export const pkill: Program = {
  name: "pkill",
  *run(proc, argv) {
    const at = argv.findIndex(
      (word) => /^-[A-Z0-9]/.test(word) && signalNamed(word.slice(1)) !== undefined && !/^-[PU]$/.test(word),
    );
    const given = parseArguments(at < 0 ? argv : argv.toSpliced(at, 1), KNOWN);
    const name = given.options.get("signal") ?? (at < 0 ? "TERM" : (argv[at]?.slice(1) ?? ""));
    const signal = signalNamed(name);
    if (signal === undefined) {
      yield* proc.write(2, `pkill: Unknown signal "${name}".\n`);
      return 2;
    }
    const found = yield* find(proc, "pkill", given);
    if (typeof found === "number") return found;
    for (const { pid, proc: other } of found) {
      if (given.options.has("e")) yield* proc.write(1, `${nameOf(other)} killed (pid ${pid})\n`);
      try {
        sendSignal(proc, pid, signal);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* proc.write(2, `pkill: killing pid ${pid} failed: ${error.message}\n`);
      }
    }
    return found.length > 0 ? 0 : 1;
  },
};

function nameOf(proc: Process): string {
  return (proc.argv[0] ?? "")
    .replace(/^-/, "")
    .replace(/^.*\/|:.*$/g, "")
    .slice(0, 15);
}

function* find(
  proc: Process,
  program: string,
  { options, operands, problem }: ParsedArguments,
): Task<Match[] | number> {
  const fail = function* (message: string): Task<number> {
    yield* proc.write(2, `${program}: ${message}\n`);
    return 2;
  };
  if (problem !== undefined) return yield* fail(problem);
  const selects = ["u", "U", "P"].some((name) => options.has(name));
  if (operands.length === 0 && !selects)
    return yield* fail(`no matching criteria specified\nTry \`${program} --help' for more information.`);
  if (operands.length > 1)
    return yield* fail(`only one pattern can be provided\nTry \`${program} --help' for more information.`);
  let fits: (text: string) => boolean;
  try {
    const pattern = operands[0] ?? "";
    const regex = guestRegex(options.has("x") ? `^(?:${pattern})$` : pattern, options.has("i") ? "i" : "");
    fits = (text) => regex.test(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return yield* fail(`${error.message}`);
  }
  const users = (options.get("u") ?? options.get("U"))?.split(",");
  const uids = users?.map((user) => userNamed(proc.machine.files, user)?.uid ?? Number(user));
  const parents = options.get("P")?.split(",").map(Number);
  const matches = [...processTable(proc)]
    .map(([pid, other]) => ({ pid, proc: other }))
    .filter(({ proc: other }) => {
      if (other === proc) return false;
      const hit =
        fits(options.has("f") ? other.argv.join(" ") : nameOf(other)) &&
        (!uids || uids.includes(other.credentials.uid)) &&
        (!parents || parents.includes(other.parent?.pid ?? 1));
      return hit !== options.has("v");
    })
    .sort((a, b) => a.pid - b.pid);
  if (options.has("n")) return matches.slice(-1);
  return options.has("o") ? matches.slice(0, 1) : matches;
}
