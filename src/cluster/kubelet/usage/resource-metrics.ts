import { SECOND } from "../../../base/clock.ts";
import { hardwareOf } from "../../../machine/hardware.ts";
import type { Machine } from "../../../machine/machine.ts";
import { heldOn } from "../../../machine/memory.ts";
import type { PodAgent } from "../pod-agent.ts";
import { containerUsage, type Used } from "./container-usage.ts";
import { loadAt, loadBetween } from "./load.ts";
import { SYSTEM_MEMORY } from "./memory.ts";

/** What a node's own system uses of its processors (kernel, systemd, containerd, kubelet): thousandths of a core. */
const SYSTEM_CPU = 42;
const MIB = 1024 * 1024;

interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly lines: string[];
}

/** The page /metrics/resource of a kubelet (pkg/kubelet/metrics/collectors/resource_metrics.go, 1.35). */
export function resourceMetrics(host: Machine, pods: PodAgent): string {
  const families = {
    containerCpu: family(
      "container_cpu_usage_seconds_total",
      "counter",
      "Cumulative cpu time consumed by the container in core-seconds",
    ),
    containerMemory: family(
      "container_memory_working_set_bytes",
      "gauge",
      "Current working set of the container in bytes",
    ),
    containerStart: family(
      "container_start_time_seconds",
      "gauge",
      "Start time of the container since unix epoch in seconds",
    ),
    nodeCpu: family(
      "node_cpu_usage_seconds_total",
      "counter",
      "Cumulative cpu time consumed by the node in core-seconds",
    ),
    nodeMemory: family("node_memory_working_set_bytes", "gauge", "Current working set of the node in bytes"),
    podCpu: family("pod_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed by the pod in core-seconds"),
    podMemory: family("pod_memory_working_set_bytes", "gauge", "Current working set of the pod in bytes"),
    errors: family(
      "resource_scrape_error",
      "gauge",
      "1 if there was an error while getting container metrics, 0 otherwise",
    ),
  };
  const { now } = host.kernel.clock;
  const at = Math.floor(now / 1000);
  const { cpus, memoryKib } = hardwareOf(host);
  const all: Used[] = [];
  for (const worker of pods.running) {
    const { namespace, name } = worker.pod.metadata;
    const used: Used[] = [];
    for (const { current, spec } of worker.slots) {
      if (current?.state !== "running") continue;
      const one = containerUsage(current, spec, cpus);
      used.push(one);
      const labels = `{container="${spec.name}",namespace="${namespace}",pod="${name}"}`;
      families.containerCpu.lines.push(`${labels} ${number(one.seconds)} ${at}`);
      families.containerMemory.lines.push(`${labels} ${number(one.bytes)} ${at}`);
      families.containerStart.lines.push(`${labels} ${number(current.started / SECOND)}`);
    }
    if (used.length === 0) continue;
    const sum = sumOf(used);
    all.push(sum);
    const labels = `{namespace="${namespace}",pod="${name}"}`;
    families.podCpu.lines.push(`${labels} ${number(sum.seconds)} ${at}`);
    families.podMemory.lines.push(`${labels} ${number(sum.bytes)} ${at}`);
  }
  const node = nodeUsage(host, all, cpus, memoryKib * 1024);
  families.nodeCpu.lines.push(` ${number(node.seconds)} ${at}`);
  families.nodeMemory.lines.push(` ${number(node.bytes)} ${at}`);
  families.errors.lines.push(" 0");
  return Object.values(families).map(textOf).join("");
}

function family(name: string, type: Family["type"], help: string): Family {
  return { name, type, help, lines: [] };
}

function textOf({ name, type, help, lines }: Family): string {
  if (lines.length === 0) return "";
  const head = `# HELP ${name} [STABLE] ${help}\n# TYPE ${name} ${type}\n`;
  return head + lines.map((line) => `${name}${line}\n`).join("");
}

/** As Prometheus' text format writes numbers: large ones with an exponent. */
function number(value: number): string {
  if (value < 1e6) return String(Number(value.toFixed(6)));
  const [digits = "", exponent = ""] = value.toExponential().split("e+");
  return `${digits}e+${exponent.padStart(2, "0")}`;
}

function sumOf(all: readonly Used[]): Used {
  return {
    seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

interface NodeAccount {
  at: number;
  computed: number;
  pods: number;
  seconds: number;
}

const accounts = new WeakMap<Machine, NodeAccount>();

/** What runs in pods, what is typed on the host, and the system itself; no more than the host has. */
function nodeUsage(host: Machine, pods: readonly Used[], cpus: number, memory: number): Used {
  const { now } = host.kernel.clock;
  const sum = sumOf(pods);
  const account = accounts.get(host) ?? { at: 0, computed: host.computed, pods: 0, seconds: 0 };
  accounts.set(host, account);
  const first = account.at === 0;
  const elapsed = first ? 0 : (now - account.at) / SECOND;
  const own = first ? 0 : (SYSTEM_CPU / 1000) * loadBetween(host.name, account.at, now);
  // Pods that are gone have taken what they used with them.
  const work = Math.max(0, sum.seconds - account.pods) + (host.computed - account.computed) / SECOND;
  account.seconds += first ? sum.seconds : Math.min(own + work, cpus * elapsed);
  Object.assign(account, { at: now, computed: host.computed, pods: sum.seconds });
  const bytes = SYSTEM_MEMORY * MIB * (0.95 + 0.05 * loadAt(host.name, now)) + heldOn(host) + sum.bytes;
  return { seconds: account.seconds, bytes: Math.round(Math.min(bytes, memory)) };
}
