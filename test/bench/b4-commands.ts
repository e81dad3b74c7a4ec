import type { MadeWorld } from "../../src/lab/make-world.ts";
import type { Benchmark } from "./define.ts";
import { median, quantile, residentMiB, timed } from "./measure.ts";
import { realKubectlOn, teamWorld, type } from "./worlds.ts";

const ROUNDS = 12;
const REAL_ROUNDS = 3;

const reads: readonly string[] = [
  "kubectl get pods -n team",
  "kubectl get pods -n team -o wide",
  "kubectl get pods -A",
  "kubectl get pods -n team -l app=app-3",
  "kubectl get deployments -n team",
  "kubectl get svc -n team",
  "kubectl get nodes -o wide",
  "kubectl get all -n team",
  "kubectl get events -n team --sort-by=.lastTimestamp",
  "kubectl get deployment app-3 -n team -o yaml",
  "kubectl get deployment app-3 -n team -o jsonpath='{.spec.replicas}'",
  "kubectl get pods -n team -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName",
  "kubectl get cm config-3 -n team -o json",
  "kubectl describe deployment app-3 -n team",
  "kubectl describe node worker-1",
  "kubectl describe svc app-3 -n team",
  "kubectl logs -n team deploy/app-3",
  "kubectl rollout status deployment/app-3 -n team",
  "kubectl rollout history deployment/app-3 -n team",
  "kubectl auth can-i list pods -n team",
  "kubectl api-resources",
  "kubectl explain pod.spec.containers.resources",
  "kubectl config get-contexts",
  "kubectl create deployment x --image=nginx --dry-run=client -o yaml",
];

const writes: readonly string[] = [
  "kubectl apply -f -",
  "kubectl label pods -n team -l app=app-5 round=ROUND --overwrite",
  "kubectl annotate deployment app-6 -n team note=ROUND --overwrite",
  "kubectl set env deployment/app-7 -n team ROUND=ROUND",
  "kubectl scale deployment app-8 -n team --replicas=REPLICAS",
  'kubectl patch svc app-9 -n team -p \'{"metadata":{"labels":{"round":"ROUND"}}}\'',
];

const manifest = (round: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied, namespace: team}\ndata: {round: "${round}"}\n`;

const lineOf = (line: string, round: number): string =>
  line.replaceAll("ROUND", `r${round}`).replace("REPLICAS", String(2 + (round % 2)));

/** Every line, once a round: milliseconds by line. */
async function ours(
  made: MadeWorld,
  lines: readonly string[],
  from: number,
  rounds: number,
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(lines.map((line) => [line, []]));
  for (let round = from; round < from + rounds; round++)
    for (const line of lines) {
      const stdin = line.endsWith("-f -") ? manifest(`r${round}`) : undefined;
      const { wall } = await timed(() => type(made, lineOf(line, round), stdin));
      times.get(line)?.push(wall);
    }
  return times;
}

/** The lines whose commands there are, and the others. */
async function known(made: MadeWorld, all: readonly string[]): Promise<{ lines: string[]; missing: string[] }> {
  const lines: string[] = [];
  const missing: string[] = [];
  for (const line of all) {
    const verb = line.split(" ")[1] ?? "";
    const said = await type(made, `kubectl ${verb} --help 2>&1 || true`);
    (said.includes("unknown command") ? missing : lines).push(line);
  }
  return { lines, missing };
}

export const b4: Benchmark = {
  name: "B4",
  title: "30 exam commands on a cluster of 300 objects, shell, parse and print included",
  async run(tell) {
    const made = await teamWorld("commands");
    const { lines, missing } = await known(made, [...reads, ...writes]);
    await ours(made, lines, 0, 3);
    const before = process.cpuUsage();
    const times = await ours(made, lines, 3, ROUNDS);
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1000 / (ROUNDS * lines.length);
    const real = await realKubectlOn(await teamWorld("commands"));
    const theirs = new Map<string, number[]>();
    if (real) {
      for (let round = 0; round < REAL_ROUNDS; round++)
        for (const line of lines) {
          const text = line.endsWith("-f -") ? `${line} <<'EOF'\n${manifest(`r${round}`)}EOF` : lineOf(line, round);
          const { wall, status, stderr } = await real.line(text);
          if (status !== 0) throw new Error(`real kubectl: ${line}: ${stderr}`);
          theirs.set(line, [...(theirs.get(line) ?? []), wall]);
        }
      await real.close();
    }
    const group = (name: string, some: readonly string[], target: string) => {
      const left = some.filter((line) => missing.includes(line));
      const samples = some.flatMap((line) => times.get(line) ?? []);
      const p95 = quantile(samples, 0.95).toFixed(2);
      const reference = {
        name: "real kubectl, bash and serve",
        samples: some.flatMap((line) => theirs.get(line) ?? []),
      };
      tell({
        name,
        samples,
        cpu,
        rss: residentMiB(),
        target,
        note: `p95 ${p95}${left.length > 0 ? `; not there: ${left.join(", ")}` : ""}`,
        ...(real ? { reference } : {}),
      });
    };
    group("reads", reads, "1, p95 3; 1/30");
    group("apply", ["kubectl apply -f -"], "3");
    group("writes", writes, "1/30");
    const slowest = [...times].sort(([, a], [, b]) => median(b) - median(a)).slice(0, 8);
    for (const [line, samples] of slowest) {
      const reference = { name: "the same by real kubectl", samples: theirs.get(line) ?? [] };
      tell({ name: line, samples, ...(real ? { reference } : {}) });
    }
  },
};
