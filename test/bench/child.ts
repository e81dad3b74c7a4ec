import { b1 } from "./b1-process-start.ts";
import { b2 } from "./b2-prompt.ts";
import { b3 } from "./b3-paper.ts";
import { b4 } from "./b4-commands.ts";
import { b5 } from "./b5-serve.ts";
import { b6 } from "./b6-large-cluster.ts";
import { b7 } from "./b7-services.ts";
import { b8 } from "./b8-network-policies.ts";
import { type Benchmark, Skipped } from "./define.ts";

const benchmarks: readonly Benchmark[] = [b1, b2, b3, b4, b5, b6, b7, b8];

const say = (what: object): void => console.log(JSON.stringify(what));

const name = process.argv[2];
const benchmark = benchmarks.find((one) => one.name === name);
if (!benchmark) throw new Error(`no benchmark ${name}`);
say({ title: benchmark.title });
try {
  await benchmark.run((row) => say({ row }));
} catch (error) {
  if (!(error instanceof Skipped)) throw error;
  say({ skipped: error.message });
}
process.exit(0);
