import { kubectl } from "../programs/kubectl/index.ts";
import { runOnRealMachine } from "../wire/real/real-machine.ts";

/** `cka-lab kubectl …`: our kubectl as a program of the real machine, against the server that its kubeconfig names. */
export async function runKubectl(argv: readonly string[]): Promise<number> {
  return await runOnRealMachine(kubectl, argv);
}
