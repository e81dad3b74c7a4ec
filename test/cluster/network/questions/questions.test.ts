import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RUNTIME_PART, type Runtime } from "../../../../src/cluster/kubelet/runtime/runtime.ts";
import type { Service } from "../../../../src/kinds/types/core.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import type { Machine } from "../../../../src/machine/machine.ts";
import { type Lab, makeLab } from "../../kubelet/setup.ts";
import { type Question, type QuestionWorld, readQuestions, type Step } from "./read-questions.ts";

// Who reaches whom, and why not: each answer and each reason is written by hand.

const folder = new URL(".", import.meta.url).pathname;
const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
  { name: "w2", role: "worker" },
] as const;

class Asker {
  private readonly lab: Lab;

  constructor({ name, cni, addons, setup }: QuestionWorld) {
    const dual = { podCIDR: "10.244.0.0/16,fd00:10:244::/56", serviceCIDR: "10.96.0.0/16,fd00:10:96::/112" };
    const isDual = addons.includes("dual-stack");
    const installed = addons.filter((addon) => addon !== "dual-stack");
    this.lab = makeLab(hosts, name, { cni, addons: installed, ...(isDual ? dual : {}) });
    for (const step of setup) this.take(step, name);
  }

  private take(step: Step, name: string): void {
    const { lab } = this;
    if ("wait" in step) lab.world.advance(step.wait);
    else if ("off" in step) {
      lab.sh(step.off, "systemctl stop kubelet containerd");
      lab.world.network.detach(lab.host(step.off).net);
    } else {
      const { stdout, stderr } = lab.sh("cp", step.typed);
      if (/error|invalid|not found/i.test(stderr)) throw new Error(`${name}: ${stdout}${stderr}`);
    }
  }

  /** The newest pod whose name is that, or begins with it. */
  private pod(name: string): Pod {
    const [namespace = "", app = ""] = name.split("/");
    const found = this.lab.api
      .list<Pod>("pods", namespace)
      .filter(({ metadata: m }) => m.name === app || m.name.startsWith(`${app}-`))
      .sort((a, b) => ((a.metadata.creationTimestamp ?? "") < (b.metadata.creationTimestamp ?? "") ? 1 : -1));
    const [first] = found;
    if (!first) throw new Error(`no pod ${name}`);
    return first;
  }

  private machine(place: string): Machine {
    if (!place.includes("/")) return this.lab.host(place);
    const { metadata, spec } = this.pod(place);
    const runtime = this.lab.host(spec.nodeName ?? "").parts.get(RUNTIME_PART) as Runtime;
    const container = runtime.containersOf(metadata.uid ?? "").find((one) => one.machine);
    if (!container) throw new Error(`pod ${place} has no container`);
    return container.machine as Machine;
  }

  private address(to: string): string {
    const [kind = "", name = ""] = to.split(/:(.*)/s);
    if (kind.endsWith("6")) return this.second(kind.slice(0, -1), name);
    const [namespace = "", own = ""] = name.split("/");
    if (kind === "pod") return this.pod(name).status?.podIP ?? "";
    if (kind === "node") return this.lab.host(name).net.addresses[0] ?? "";
    const service = () => this.lab.api.get<Service>("services", namespace, own);
    if (kind === "svc") return service()?.spec.clusterIP ?? "";
    if (kind === "lb") return service()?.status?.loadBalancer?.ingress?.[0]?.ip ?? "";
    return to;
  }

  /** The address of the second family. */
  private second(kind: string, name: string): string {
    const [namespace = "", own = ""] = name.split("/");
    if (kind === "pod") return this.pod(name).status?.podIPs?.[1]?.ip ?? "";
    if (kind === "node") return this.lab.host(name).net.addresses[1] ?? "";
    return this.lab.api.get<Service>("services", namespace, own)?.spec.clusterIPs?.at(-1) ?? "";
  }

  ask({ from, to, port, protocol }: Question): string {
    const machine = this.machine(from);
    let address = this.address(to);
    if (to.startsWith("name:")) {
      const resolved = machine.network.resolve(machine, to.slice(5));
      if ("failed" in resolved) return `no name: ${resolved.because}`;
      address = resolved.addresses[0] ?? "";
    }
    if (port === "ping") {
      const end = machine.network.echo(machine, address);
      return "failed" in end ? `${end.failed}: ${end.because}` : this.whoHas(end.hops.at(-1) ?? "");
    }
    const end = machine.network.dial(machine, address, port, protocol);
    if ("failed" in end) return `${end.failed}: ${end.because}`;
    const host = end.listener.proc.machine.host;
    const pod = host && end.listener.proc.machine.net !== host.net;
    return pod
      ? this.whoHas(end.listener.proc.machine.net.addresses[0] ?? "")
      : (host ?? end.listener.proc.machine).name;
  }

  private whoHas(address: string): string {
    for (const machine of this.lab.world.machines.values())
      if (machine.net.addresses.includes(address)) return machine.name;
    const pod = this.lab.api.list<Pod>("pods").find(({ status }) => status?.podIPs?.some(({ ip }) => ip === address));
    if (!pod) return address;
    const { namespace, name } = pod.metadata;
    return `${namespace}/${name.replace(/-[a-f0-9]{6,10}-[a-z0-9]{5}$/, "")}`;
  }

  /** An answer with its addresses filled in. */
  filled(answer: string): string {
    return answer.replace(/\{([^}]+)\}/g, (_, to: string) => this.address(to));
  }
}

const worlds = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .sort()
  .flatMap((name) => readQuestions(`${folder}${name}`));

test("there are enough of them", () => {
  expect(worlds.length).toBeGreaterThanOrEqual(10);
  expect(worlds.flatMap(({ questions }) => questions).length).toBeGreaterThanOrEqual(300);
});

describe.each(worlds)("$name", (world) => {
  let asker: Asker | undefined;
  test.each(world.questions)("$from -> $to $port/$protocol = $answer", (question) => {
    asker ??= new Asker(world);
    expect(asker.ask(question)).toBe(asker.filled(question.answer));
  });
});
