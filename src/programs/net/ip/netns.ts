import { linksOf } from "../../../cluster/network/links/links.ts";
import { Errno, type Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { namespaceNamed, runIn } from "../network-namespace.ts";
import { IpFault, type IpObject, keyword, unknownCommand } from "./define.ts";

const commands = [
  "list",
  "show",
  "lst",
  "help",
  "add",
  "set",
  "delete",
  "identify",
  "pids",
  "exec",
  "monitor",
  "attach",
  "list-id",
] as const;

/** `ip netns`: the namespaces that the container runtime has named. */
export const netns: IpObject = {
  name: "netns",
  *run({ proc, words }) {
    const [word = "list", ...rest] = words;
    const command = keyword(word, commands);
    if (command === undefined) unknownCommand(word, "netns");
    if (command === "exec") return yield* exec(proc, rest);
    if (command !== "list" && command !== "show" && command !== "lst")
      throw new IpFault(`ip: netns ${command} is not simulated`, 1);
    const names = linksOf(proc.machine).flatMap(({ peer }) => (peer?.namespace ? [peer.namespace] : []));
    const known = names.filter((name) => name.startsWith("cni-"));
    for (const [id, name] of known.entries()) yield* proc.write(1, `${name} (id: ${id})\n`);
    return 0;
  },
};

function* exec(proc: Process, [name, ...command]: readonly string[]): Task<number> {
  if (name === undefined) throw new IpFault("No netns name specified", 1);
  if (command.length === 0) throw new IpFault("No command specified", 1);
  const net = namespaceNamed(proc, name);
  if (!net) throw new IpFault(`Cannot open network namespace "${name}": No such file or directory`, 255);
  if (proc.credentials.uid !== 0)
    throw new IpFault(`setting the network namespace "${name}" failed: Operation not permitted`, 255);
  try {
    return yield* runIn(proc, net, command);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new IpFault(`exec of "${command[0]}" failed: ${error.message}`, 1);
  }
}
