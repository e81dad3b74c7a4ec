import type { HttpResponse } from "../../../src/base/http.ts";
import { itemsOf, readManifests } from "../../../src/base/yaml-in/read-manifests.ts";
import type { Api } from "../../../src/cluster/apiserver/define.ts";
import type { HostPlan, WorldPlan } from "../../../src/cluster/define.ts";
import type { World } from "../../../src/cluster/world.ts";
import type { Event } from "../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { makeWorld } from "../../../src/lab/make-world.ts";
import { root } from "../../../src/machine/define-files.ts";
import type { Machine } from "../../../src/machine/machine.ts";
import { hostOf, type Result } from "../../machine/harness.ts";

/** A cluster, and what somebody with all rights does to it. */
export interface Lab {
  readonly world: World;
  readonly api: Api;
  host(name: string): Machine;
  /** Types a line into root's shell on a host, and lets the world go on until it has ended. */
  sh(host: string, line: string): Result;
  /** Creates the objects of a manifest. */
  apply(manifest: string): void;
  pod(name: string, namespace?: string): Pod;
  find(name: string, namespace?: string): Pod | undefined;
  delete(name: string, gracePeriodSeconds?: number): void;
  /** STATUS of `kubectl get pods`, READY before it: "1/1 Running". */
  shown(name: string, namespace?: string): string;
  /** "Normal Pulled …", oldest first, each once. */
  events(name: string, kind?: string): string[];
  /** How often an event was counted. */
  count(name: string, reason: string): number;
  exec(pod: string, command: readonly string[], stdin?: string): { stdout: string; stderr: string; end: KubeObject };
  logs(pod: string, query?: string): { status: number; text: () => string; ended: () => boolean };
  until(what: string, holds: () => boolean, seconds?: number): void;
  /** Lets time pass until the pod is shown so. */
  wait(name: string, shown: string, seconds?: number): void;
  /** Seconds since the world began. */
  now(): number;
}

const usual: readonly HostPlan[] = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
];

export function makeLab(
  hosts: readonly HostPlan[] = usual,
  seed = "kubelet",
  more: Omit<Partial<WorldPlan>, "hosts"> = {},
): Lab {
  const { world } = makeWorld({ name: "test", ...more, hosts }, seed);
  const api = world.admin();
  const started = world.clock.now;
  const ask = (path: string, headers: Record<string, string> = {}, method = "GET"): HttpResponse => {
    const door = world.door();
    if (!door) throw new Error("the API server does not run");
    return door.handle({ method, path, headers, clientCertificate: world.pki.certificate("super-admin") });
  };
  const find = (name: string, namespace = "default") => api.get<Pod>("pods", namespace, name);
  const about = (name: string, kind = "Pod") =>
    api
      .list<Event>("events")
      .filter(({ involvedObject: o }) => o.kind === kind && o.name === name)
      .sort((a, b) => at(a) - at(b));
  const lab: Lab = {
    world,
    api,
    host(name) {
      const machine = world.machines.get(name);
      if (!machine) throw new Error(`no host ${name}`);
      return machine;
    },
    sh: (host, line) => hostOf(lab.host(host)).run(["bash", "-c", line], { who: root }),
    apply(manifest) {
      for (const { object, fault } of readManifests(manifest, "test")) {
        if (!object) throw new Error(String(fault));
        for (const item of itemsOf(object) ?? [object]) api.create(inNamespace(item as unknown as KubeObject));
      }
    },
    find,
    pod(name, namespace) {
      const pod = find(name, namespace);
      if (!pod) throw new Error(`no pod ${name}`);
      return pod;
    },
    delete: (name, seconds) => api.delete(lab.pod(name), seconds === undefined ? {} : { gracePeriodSeconds: seconds }),
    shown(name, namespace = "default") {
      const accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
      const answer = ask(`/api/v1/namespaces/${namespace}/pods/${name}`, { accept });
      if (answer.status !== 200) return String(answer.status);
      const body = (typeof answer.body === "string" ? JSON.parse(answer.body) : answer.body) as {
        rows: { cells: string[] }[];
      };
      return `${body.rows[0]?.cells[1]} ${body.rows[0]?.cells[2]}`;
    },
    events: (name, kind) => about(name, kind).map(({ type, reason, message }) => `${type} ${reason} ${message}`),
    count: (name, reason) =>
      about(name)
        .filter((event) => event.reason === reason)
        .reduce((sum, event) => sum + (event.count ?? 1), 0),
    exec(pod, command, stdin) {
      const words = command.map((word) => `command=${encodeURIComponent(word)}`);
      const query = [...words, "stdout=true", "stderr=true", ...(stdin === undefined ? [] : ["stdin=true"])].join("&");
      const { session, status, body } = ask(`/api/v1/namespaces/default/pods/${pod}/exec?${query}`, {}, "POST");
      if (!session) throw new Error(`exec: ${status} ${JSON.stringify(body)}`);
      const said = { stdout: "", stderr: "" };
      session.output.each(({ channel, text }) => (said[channel] += text));
      let end: KubeObject | undefined;
      session.ended.each((status) => (end = status as unknown as KubeObject));
      if (stdin !== undefined) {
        if (stdin !== "") session.input(stdin);
        session.input(undefined);
      }
      lab.until(`${command[0]} has ended`, () => end !== undefined);
      return { ...said, end: end as unknown as KubeObject };
    },
    logs(pod, query = "") {
      const { status, stream, body } = ask(`/api/v1/namespaces/default/pods/${pod}/log?${query}`);
      let text = stream ? "" : typeof body === "string" ? body : JSON.stringify(body);
      stream?.each((part) => (text += part as string));
      return { status, text: () => text, ended: () => stream?.closed ?? true };
    },
    until: (what, holds, seconds = 300) => world.until(holds, what, seconds),
    wait: (name, shown, seconds) => lab.until(`pod ${name} is ${shown}`, () => lab.shown(name) === shown, seconds),
    now: () => (world.clock.now - started) / 1_000_000,
  };
  return lab;
}

function at(event: Event): number {
  return Date.parse(event.firstTimestamp ?? (event as { eventTime?: string }).eventTime ?? "") || 0;
}

const clusterWide = new Set(["PersistentVolume", "Namespace", "StorageClass", "ClusterRole", "ClusterRoleBinding"]);

function inNamespace(object: KubeObject): KubeObject {
  if (clusterWide.has(object.kind) || object.metadata.namespace) return object;
  return { ...object, metadata: { ...object.metadata, namespace: "default" } };
}

/** A pod's manifest: one container of busybox that runs a shell line, on the worker. */
export function busybox(name: string, line: string, more: { pod?: string; container?: string } = {}): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  nodeName: w1
${more.pod ?? ""}
  containers:
  - name: main
    image: busybox:1.36
    command: [sh, -c, ${JSON.stringify(line)}]
${more.container ?? ""}
`;
}
