import type { Verb } from "./define.ts";
import { CommandFault } from "./faults.ts";

/** A command that real kubectl has and the simulation does not do: it says so, whatever is asked. */
export function notSimulated(name: string, usage: string, short: string): Verb {
  return {
    path: name.split(" "),
    usage,
    short,
    long: `${short}. Not simulated.`,
    flagFault: () => refusal(name),
    *run() {
      throw refusal(name);
    },
  };
}

function refusal(name: string): CommandFault {
  return new CommandFault(`kubectl ${name} is not simulated`);
}
