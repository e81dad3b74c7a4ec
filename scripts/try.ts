// npm run try -- "kubectl get po -A": types a line on the control plane of a fresh cluster, and shows what it prints.
import { parseArgs } from "node:util";
import { batch, typed } from "../src/lab/batch.ts";
import { Library } from "../src/lab/library.ts";
import { makeWorld } from "../src/lab/make-world.ts";
import { usualHost, usualSeed, usualWorld } from "../src/lab/usual-world.ts";

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      world: { type: "string", default: usualWorld },
      seed: { type: "string", default: usualSeed },
      user: { type: "string", default: "candidate" },
    },
  });
  const { world, ports } = makeWorld(new Library().world(values.world).plan(usualHost), values.seed);
  const onOutput = (fd: 1 | 2, text: string) => void (fd === 1 ? process.stdout : process.stderr).write(text);
  for (const line of positionals) {
    if (positionals.length > 1) process.stdout.write(`$ ${line}\n`);
    const { status, problem } = await batch(world, ports, world.controlPlane, {
      user: values.user,
      argv: typed(line),
      onOutput,
    });
    if (problem !== undefined) process.stderr.write(`broken off: ${problem}\n`);
    process.exitCode = status;
  }
}

void run();
