import type { Program } from "../../machine/define.ts";
import { journalOf } from "../../machine/journal.ts";
import { userById } from "../../machine/users.ts";
import { parseArguments } from "./define.ts";

const levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

/** Writes to the journal. */
export const logger: Program = {
  name: "logger",
  *run(proc, argv) {
    const given = parseArguments(argv, "+ t,tag= p,priority= i s,stderr f,file= e");
    if (given.problem !== undefined) {
      yield* proc.write(2, `logger: ${given.problem}\nTry 'logger --help' for more information.\n`);
      return 1;
    }
    const identifier = given.options.get("t") ?? userById(proc.machine.files, proc.credentials.uid)?.name ?? "logger";
    const level = given.options.get("p")?.split(".").at(-1) ?? "notice";
    const priority = levels.indexOf(level === "warn" ? "warning" : level === "error" ? "err" : level);
    if (priority < 0) {
      yield* proc.write(2, `logger: unknown priority name: ${given.options.get("p")}\n`);
      return 1;
    }
    const text = given.operands.length > 0 ? given.operands.join(" ") : yield* proc.readAll();
    for (const message of text.split("\n")) {
      if (message === "") continue;
      const pid = given.options.has("i") ? proc.pid : undefined;
      journalOf(proc.machine).add({ unit: undefined, identifier, pid, priority, message });
      if (given.options.has("s")) yield* proc.write(2, `<${8 + priority}>${identifier}: ${message}\n`);
    }
    return 0;
  },
};
