import { root } from "../machine/define-files.ts";
import { usualHost, usualSeed, usualWorld } from "./attempts.ts";
import { batch } from "./batch.ts";
import { Library } from "./library.ts";
import { makeWorld } from "./make-world.ts";
import type { OfflineLine } from "./offline-kubectl.ts";

/** Runs one kubectl line as candidate on the control plane of a fresh cluster. */
export async function kubectlInWorld({ argv, stdin, files, onOutput }: OfflineLine): Promise<number> {
  const { world, ports } = makeWorld(new Library().world(usualWorld).plan(usualHost), usualSeed);
  const host = world.controlPlane;
  for (const [path, text] of files) {
    const full = path.startsWith("/") ? path : `/home/candidate/${path}`;
    host.files.mkdir(full.slice(0, full.lastIndexOf("/")) || "/", root, { parents: true });
    host.files.write(full, text, root);
  }
  const line = ["-l", "-c", 'exec kubectl "$@"', "kubectl", ...argv];
  const { status, problem } = await batch(world, ports, host, { user: "candidate", argv: line, stdin, onOutput });
  if (problem !== undefined) onOutput(2, `cka-lab: broken off: ${problem}\n`);
  return status;
}
