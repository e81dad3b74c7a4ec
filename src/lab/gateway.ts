import type { Program, Task } from "../machine/define.ts";
import type { Process } from "../machine/process.ts";
import { userById } from "../machine/users.ts";
import { parseArguments } from "../programs/admin/define.ts";
import { parseHost } from "../programs/admin/ssh/connect.ts";

/** The options of ssh that have a value (ssh(1)). */
const KNOWN =
  "+ 4 6 A a C f G g K k M N n q s T t V v X x Y y B= b= c= D= E= e= F= I= i= J= L= l= m= O= o= p= Q= R= S= W= w=";

/** ssh of the base host: the hosts of tasks stand in other worlds, everything else is left to the real one. */
export function gateway(ssh: Program, isTaskHost: (name: string) => boolean): Program {
  return {
    ...ssh,
    *run(proc, argv) {
      const { operands, options, problem } = parseArguments(argv, KNOWN);
      const target = parseHost(operands[0] ?? "");
      if (problem !== undefined || !isTaskHost(target.host)) return yield* ssh.run(proc, argv);
      const user =
        options.get("l") ?? target.user ?? userById(proc.machine.files, proc.credentials.uid)?.name ?? "root";
      if (user !== "candidate") {
        yield* proc.write(2, `${user}@${target.host}: Permission denied (publickey).\n`);
        return 255;
      }
      const command = operands.length > 1 ? operands.slice(1).join(" ") : undefined;
      return yield* connect(proc, target.host, user, command);
    },
  };
}

function* connect(proc: Process, host: string, user: string, command: string | undefined): Task<number> {
  const terminal = command === undefined && proc.isTerminal(0) ? proc.terminal : undefined;
  const piped = terminal === undefined && !proc.isTerminal(0);
  const stdin = piped ? yield* proc.readAll() : "";
  const { status, stdout, stderr } = yield* proc.hostCall("login", { host, user, command, terminal, stdin });
  if (stdout !== "") yield* proc.write(1, stdout);
  if (stderr !== "") yield* proc.write(2, stderr);
  if (terminal) yield* proc.write(2, `Connection to ${host} closed.\n`);
  return status;
}
