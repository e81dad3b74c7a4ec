import { existsSync } from "node:fs";
import { join } from "node:path";
import { realKubectl } from "../twin/twin.ts";
import { type Benchmark, Skipped } from "./define.ts";
import { costOf, interleaved, runProcess } from "./measure.ts";

const ROUNDS = 15;
const main = join(process.cwd(), "dist", "main.js");

/** Builds the program as it is published. */
export async function builtProgram(): Promise<string> {
  if (!existsSync(join(process.cwd(), "src/commands/main.ts"))) throw new Skipped("src/commands/main.ts is not there");
  const { status, stderr } = await runProcess(process.execPath, [join(process.cwd(), "scripts/build.js"), "--quiet"]);
  if (status !== 0) throw new Error(`the build failed: ${stderr}`);
  return main;
}

export const b1: Benchmark = {
  name: "B1",
  title: "process start",
  async run(tell) {
    const program = await builtProgram();
    const node = process.execPath;
    const dryRun = ["create", "deployment", "x", "--image=y", "--dry-run=client", "-o", "yaml"];
    const real = realKubectl();
    const [bare = [], version = [], create = [], theirs = []] = await interleaved(ROUNDS, [
      () => runProcess(node, ["-e", "0"]),
      () => runProcess(node, [program, "--version"]),
      () => runProcess(node, [program, "kubectl", ...dryRun]),
      ...(real ? [() => runProcess(real, dryRun)] : []),
    ]);
    const reference = { name: "node -e 0", samples: bare };
    tell({
      name: "cka-lab --version",
      samples: version,
      reference,
      target: "1.6 (1.3)",
      ...(await costOf(node, [program, "--version"])),
    });
    tell({
      name: "cka-lab kubectl create --dry-run=client",
      samples: create,
      reference: real ? { name: "real kubectl, the same line", samples: theirs } : reference,
      target: real ? "1.0 (0.8)" : "",
      ...(await costOf(node, [program, "kubectl", ...dryRun])),
    });
  },
};
