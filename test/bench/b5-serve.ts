import { type Benchmark, Skipped } from "./define.ts";
import { interleaved } from "./measure.ts";
import { realKubectlOn, teamWorld } from "./worlds.ts";

const ROUNDS = 12;

const lines: readonly (readonly string[])[] = [
  ["get", "nodes"],
  ["get", "pods", "-A"],
  ["get", "deployment", "app-3", "-n", "team", "-o", "yaml"],
  ["describe", "deployment", "app-3", "-n", "team"],
  ["label", "pod", "-n", "team", "-l", "app=app-3", "seen=yes", "--overwrite"],
];

export const b5: Benchmark = {
  name: "B5",
  title: "real kubectl against serve",
  async run(tell) {
    const real = await realKubectlOn(await teamWorld("serve"));
    if (!real) throw new Skipped("no real kubectl on the PATH");
    await interleaved(
      2,
      lines.map((line) => () => real.run(line)),
    );
    const [start = [], ...times] = await interleaved(ROUNDS, [
      () => real.run(["version", "--client"]),
      ...lines.map((line) => () => real.run(line)),
    ]);
    const reference = { name: "kubectl version --client", samples: start };
    for (const [i, line] of lines.entries())
      tell({ name: `kubectl ${line.join(" ")}`, samples: times[i] ?? [], reference, target: "start + 15 ms" });
    await real.close();
  },
};
