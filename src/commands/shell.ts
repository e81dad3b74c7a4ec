import { readFileSync } from "node:fs";
import { parseRfc3339 } from "../base/time.ts";
import { batch, typed } from "../lab/batch.ts";
import { fileProblem, LabError } from "../lab/lab-error.ts";
import { Library } from "../lab/library.ts";
import { makeWorld, usualStart } from "../lab/make-world.ts";
import { usualHost, usualSeed, usualWorld } from "../lab/usual-world.ts";
import { type Define, endWith } from "./define.ts";
import { readStdin } from "./read-stdin.ts";

interface Options {
  readonly world: string;
  readonly host?: string;
  readonly seed: string;
  readonly c?: string;
  readonly start?: string;
}

/** `cka-lab shell`: a login on a host of a fresh cluster; commands, a file or stdin are run and time jumps meanwhile. */
export const shell: Define = (command) => {
  command
    .argument("[file]", "a script to run there")
    .argument("[arguments...]", "its arguments")
    .passThroughOptions()
    .option("--world <name>", "the cluster to start", usualWorld)
    .option("--host <name>", "the host to log in to; the control plane where left out")
    .option("--seed <seed>", "chance: names, addresses, identifiers", usualSeed)
    .option("--start <time>", "the cluster's time in a run without a terminal, as 2026-11-02T09:00:00Z")
    .option("-c <commands>", "commands to run there")
    .action(async (file: string | undefined, words: string[], options: Options) => {
      const script = scriptOf(file, options.c);
      if (script === undefined && process.stdin.isTTY && process.stdout.isTTY) {
        const { shell: interactive } = await import("../ui/shell.ts");
        endWith(await interactive(options));
      } else endWith(await run(script ?? readStdin(), file, words, options));
    });
};

function scriptOf(file: string | undefined, commands: string | undefined): string | undefined {
  if (commands !== undefined || file === undefined) return commands;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new LabError(`cannot read ${file}: ${fileProblem(error)}`);
  }
}

async function run(
  script: string,
  file: string | undefined,
  words: readonly string[],
  options: Options,
): Promise<number> {
  const plan = new Library().world(options.world).plan(usualHost);
  const start = options.start === undefined ? usualStart : parseRfc3339(options.start);
  if (start === undefined) throw new LabError(`${options.start} is no time like 2026-11-02T09:00:00Z`);
  const { world, ports } = makeWorld(plan, options.seed, start);
  const host = world.machines.get(options.host ?? usualHost);
  if (!host) throw new LabError(`there is no host ${options.host}; there are ${[...world.machines.keys()].join(", ")}`);
  // With -c the first operand is $0, as for bash.
  const names = file === undefined ? [] : [file, ...words];
  const { status, problem } = await batch(world, ports, host, {
    user: "candidate",
    argv: [...typed(script), ...names],
    stdin: readStdin,
    onOutput: (fd, text) => (fd === 1 ? process.stdout : process.stderr).write(text),
  });
  if (problem !== undefined) process.stderr.write(`cka-lab: broken off: ${problem}\n`);
  return status;
}
