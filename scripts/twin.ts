// One command line by real kubectl against a served world and by ours inside an equal one: npm run twin -- "kubectl get po"
import { realKubectl, Twin } from "../test/twin/twin.ts";

const lines = process.argv.slice(2);
const kubectl = realKubectl();
if (lines.length === 0 || !kubectl) {
  process.stderr.write(
    kubectl ? 'usage: npm run twin -- "kubectl get po -A" …\n' : "no real kubectl (1.31 or later) is on the PATH\n",
  );
  process.exit(2);
}
const twin = await Twin.start(kubectl);
let different = 0;
try {
  for (const line of lines) {
    const { real, ours } = await twin.run(line);
    const same = JSON.stringify(real) === JSON.stringify(ours);
    process.stdout.write(`${same ? "equal" : "DIFFERENT"}: ${line}\n`);
    if (same) {
      process.stdout.write(`${real.stdout}${real.stderr}(exit ${real.status})\n`);
      continue;
    }
    different++;
    for (const [name, printed] of [
      ["real", real],
      ["ours", ours],
    ] as const)
      process.stdout.write(
        `--- ${name} (exit ${printed.status})\n${printed.stdout}${printed.stderr ? `[stderr]\n${printed.stderr}` : ""}\n`,
      );
  }
} finally {
  await twin.close();
}
process.exitCode = different > 0 ? 1 : 0;
