import { Errno, type Program, type Signal, signalNumbers } from "../../machine/define.ts";
import { sendSignal, signalNamed } from "../../machine/signalling.ts";

const usage = `
Usage:
 kill [options] <pid> [...]

Options:
 <pid> [...]            send signal to every <pid> listed
 -<signal>, -s, --signal <signal>
                        specify the <signal> to be sent
 -l, --list=[<signal>]  list all signal names, or convert one to a name

For more details see kill(1).
`;

/** Sends signals to processes; shells have their own. */
export const kill: Program = {
  name: "kill",
  *run(proc, argv) {
    let signal: Signal | 0 = "TERM";
    const words = [...argv];
    const first = words[0] ?? "";
    if (first === "-l" || first === "--list") {
      const wanted = words[1];
      const named = wanted === undefined ? undefined : signalNamed(String(Number(wanted) & 127));
      yield* proc.write(1, `${named || Object.keys(signalNumbers).join(" ")}\n`);
      return 0;
    }
    if (/^-./.test(first) && first !== "--") {
      words.shift();
      const name = first === "-s" || first === "--signal" ? (words.shift() ?? "") : first.slice(1);
      const found = signalNamed(name);
      if (found === undefined) {
        yield* proc.write(2, `kill: unknown signal ${name}\n${usage}`);
        return 1;
      }
      signal = found;
    }
    if (words[0] === "--") words.shift();
    if (words.length === 0) {
      yield* proc.write(2, usage);
      return 1;
    }
    let status = 0;
    for (const word of words) {
      const pid = Number(word);
      const problem = /^\d+$/.test(word) ? failure(() => sendSignal(proc, pid, signal)) : "";
      if (problem === undefined) continue;
      status = 1;
      yield* proc.write(
        2,
        problem === "" ? `kill: failed to parse argument: '${word}'\n` : `kill: (${pid}): ${problem}\n`,
      );
    }
    return status;
  },
};

function failure(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Errno) return error.message;
    throw error;
  }
}
