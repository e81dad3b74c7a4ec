import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorldPlan } from "../../src/cluster/define.ts";
import { batch, typed } from "../../src/lab/batch.ts";
import { type MadeWorld, makeWorld } from "../../src/lab/make-world.ts";
import { serveWorld } from "../../src/wire/serve-world.ts";
import { realKubectl } from "../twin/twin.ts";
import { type Ended, plainEnvironment, runProcess } from "./measure.ts";

export const threeNodes: WorldPlan = {
  name: "three-nodes",
  hosts: [
    { name: "controlplane", role: "control-plane" },
    { name: "worker-1", role: "worker" },
    { name: "worker-2", role: "worker" },
  ],
};

/** Types a line on the control plane as its candidate; throws where it fails. */
export async function type(made: MadeWorld, line: string, stdin?: string): Promise<string> {
  const host = made.world.controlPlane;
  const options = { user: "candidate", argv: typed(line), ...(stdin === undefined ? {} : { stdin }) };
  const { status, stdout, stderr, problem } = await batch(made.world, made.ports, host, options);
  if (status !== 0) throw new Error(`${line}: status ${status} ${problem ?? ""} ${stderr}${stdout}`);
  return stdout;
}

/** The manifests of a namespace as a team may have it: some 270 objects with what follows from them. */
function teamManifests(): string {
  const parts = ["apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n"];
  for (let i = 0; i < 20; i++)
    parts.push(
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app-${i}, namespace: team, labels: {app: app-${i}}}\nspec:\n  replicas: 3\n  selector: {matchLabels: {app: app-${i}}}\n  template:\n    metadata: {labels: {app: app-${i}, tier: t${i % 3}}}\n    spec:\n      containers:\n      - name: main\n        image: nginx:1.29\n        resources: {requests: {cpu: 10m, memory: 16Mi}}\n`,
      `apiVersion: v1\nkind: Service\nmetadata: {name: app-${i}, namespace: team}\nspec: {selector: {app: app-${i}}, ports: [{port: 80}]}\n`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config-${i}, namespace: team}\ndata: {key: "value ${i}", other: text}\n`,
      `apiVersion: v1\nkind: Secret\nmetadata: {name: secret-${i}, namespace: team}\nstringData: {password: "p${i}"}\n`,
      `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: account-${i}, namespace: team}\n`,
    );
  return parts.join("---\n");
}

/** A cluster of three nodes with about 300 objects besides events. */
export async function teamWorld(seed: string): Promise<MadeWorld> {
  const made = makeWorld(threeNodes, seed);
  await type(made, "kubectl apply -f - >/dev/null", teamManifests());
  await type(made, "kubectl -n team wait --for=condition=Available deployment --all --timeout=300s >/dev/null");
  made.world.advance(60);
  return made;
}

/** Real kubectl with a served world, or undefined where the machine has none. */
export interface RealKubectl {
  readonly path: string;
  run(args: readonly string[]): Promise<Ended>;
  /** A line of bash in which `kubectl` is the real one. */
  line(text: string): Promise<Ended>;
  close(): Promise<void>;
}

export async function realKubectlOn({ world }: MadeWorld): Promise<RealKubectl | undefined> {
  const path = realKubectl();
  if (!path) return undefined;
  const served = await serveWorld(world, 0);
  const folder = mkdtempSync(join(tmpdir(), "cka-lab-bench-"));
  writeFileSync(join(folder, "kubeconfig"), served.kubeconfig);
  writeFileSync(join(folder, "kubectl"), `#!/bin/sh\nexec "${path}" "$@"\n`, { mode: 0o755 });
  const env = plainEnvironment({
    HOME: folder,
    KUBECONFIG: join(folder, "kubeconfig"),
    PATH: `${folder}:/usr/bin:/bin`,
  });
  return {
    path,
    run: (args) => runProcess(path, args, env),
    line: (text) => runProcess("bash", ["-c", text], env),
    async close() {
      await served.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
