import { civilTime } from "../../../base/time.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { isRoot } from "./host-of.ts";
import { IPTABLES_VERSION, tablesFor } from "./iptables.ts";
import { savedTable } from "./save.ts";

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** ctime(3): Sat Nov 21 14:00:18 2026 */
function dateOf({ machine }: Process): string {
  const { now } = machine.kernel.clock;
  const t = civilTime(now);
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = days[(Math.floor(now / 86_400_000_000) + 4) % 7];
  const time = `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
  return `${day} ${months[t.month - 1]} ${String(t.day).padStart(2)} ${time} ${t.year}`;
}

function* run(proc: Process, argv: readonly string[], name: string, version: 4 | 6): Task<number> {
  let only: string | undefined;
  let counters = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "-c" || word === "--counters") counters = true;
    else if (word === "-t" || word === "--table") only = argv[++at];
    else if (word.startsWith("--table=")) only = word.slice(8);
    else {
      yield* proc.write(2, `Unknown arguments found on commandline\n`);
      return 1;
    }
  }
  if (!isRoot(proc)) {
    const why = "Could not fetch rule set generation id: Permission denied (you must be root)";
    yield* proc.write(2, `${name} ${IPTABLES_VERSION}: ${why}\n`);
    return 4;
  }
  const tables = tablesFor(proc, version).filter((table) => only === undefined || table.name === only);
  const shown = tables.filter((table) => only !== undefined || table.chains.size > table.builtIn.length);
  const date = dateOf(proc);
  yield* proc.write(1, shown.map((table) => savedTable(table, `${name} ${IPTABLES_VERSION}`, date, counters)).join(""));
  return 0;
}

const program = (name: string, version: 4 | 6): Program => ({
  name,
  folder: "/usr/sbin",
  run: (proc, argv) => run(proc, argv, name, version),
});

/** iptables-save and ip6tables-save: all rules of a node as text. */
export const iptablesSave: readonly Program[] = [program("iptables-save", 4), program("ip6tables-save", 6)];
