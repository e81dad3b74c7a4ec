import { Status } from "../../../kinds/status.ts";
import type { EndpointSlice, Namespace, Service } from "../../../kinds/types/core.ts";
import { Errno, type Program, type Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { DnsType } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { Unreachable } from "../../apiserver/define.ts";
import { Connection } from "../../connection.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { healthHandler, listenHttp } from "../../daemon/health.ts";
import { type Directive, parseCorefile, type ServerBlock } from "../../network/dns/corefile.ts";
import { clusterRecord, type DnsSource } from "../../network/dns/records.ts";
import type { Image } from "./define.ts";

/** Plugins that change no answer here, or whose effect is simulated. The rest is named in the log when it is used. */
const simulated = new Set([
  "errors",
  "health",
  "ready",
  "kubernetes",
  "prometheus",
  "forward",
  "cache",
  "loop",
  "reload",
  "loadbalance",
  "log",
]);

type Answer = readonly string[] | undefined;

/** It lists and watches, and never gets a single object: its role allows no more (coredns plugin/kubernetes, 1.13). */
function sourceOf(api: Connection): DnsSource {
  const label = "kubernetes.io/service-name";
  return {
    service: (namespace, name) =>
      api.known.list<Service>("services", namespace).find((service) => service.metadata.name === name),
    slices: (namespace, service) =>
      api.known
        .list<EndpointSlice>("endpointslices.discovery.k8s.io", namespace)
        .filter((slice) => slice.metadata.labels?.[label] === service),
    namespace: (name) => api.known.list<Namespace>("namespaces").some((namespace) => namespace.metadata.name === name),
    services: () => api.known.list<Service>("services"),
  };
}

/** Answers a question by the first block whose zone fits, and in it by its plugins. */
function answer(blocks: readonly ServerBlock[], source: DnsSource, name: string, type: DnsType): Answer {
  const block = blocks.find((b) => b.zones.some((z) => inZone(name, z.replace(/^dns:\/\//, "").replace(/:\d+$/, ""))));
  const kubernetes = block?.directives.find((d) => d.name === "kubernetes");
  if (!kubernetes) return undefined;
  const zone = kubernetes.words.find((word) => !word.endsWith(".arpa"))?.replace(/\.$/, "") ?? "cluster.local";
  try {
    return clusterRecord(source, zone, name.toLowerCase(), type);
  } catch (error) {
    // Without its role, or without the server, it has nothing to answer from.
    if (error instanceof Unreachable || error instanceof Status) return undefined;
    throw error;
  }
}

function inZone(name: string, zone: string): boolean {
  return zone === "." || zone === "" || name === zone || name.endsWith(`.${zone.replace(/\.$/, "")}`);
}

function portOf(directive: Directive | undefined, standard: number): number {
  return Number(/:(\d+)$/.exec(directive?.words[0] ?? "")?.[1] ?? standard);
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const path = argv[argv.indexOf("-conf") + 1] ?? "Corefile";
  let blocks: ServerBlock[];
  try {
    blocks = parseCorefile(proc.machine.files.read(path, root));
  } catch (error) {
    if (error instanceof Errno)
      yield* proc.write(1, `loading Caddyfile via flag: open ${path}: ${error.message.toLowerCase()}\n`);
    else yield* proc.write(1, `/etc/coredns/${(error as Error).message}\n`);
    return 1;
  }
  const connection = new Connection({ machine: proc.machine, agent: "coredns" });
  const source = sourceOf(connection);
  const dns = (name: string, type: DnsType) => answer(blocks, source, name, type);
  for (const block of blocks) {
    const port = portOf({ name: "", words: [block.zones[0] ?? ""], line: 0, block: [] }, 53);
    for (const protocol of ["UDP", "TCP"] as const)
      proc.machine.listen({ proc, address: "0.0.0.0", port, protocol, dns });
    yield* proc.write(1, `${block.zones[0] ?? "."}\n`);
    for (const { name, line } of block.directives)
      if (!simulated.has(name))
        yield* proc.write(1, `[WARNING] plugin/${name}: line ${line}: not simulated here, its answers are left out\n`);
  }
  const all = blocks.flatMap((b) => b.directives);
  const health = all.find((d) => d.name === "health");
  const ready = all.find((d) => d.name === "ready");
  const apiOk = () => (connection.reachable ? undefined : "kubernetes");
  if (health)
    listenHttp(
      proc,
      "0.0.0.0",
      portOf(health, 8080),
      healthHandler(() => undefined),
    );
  if (ready) listenHttp(proc, "0.0.0.0", portOf(ready, 8181), readyHandler(apiOk));
  yield* proc.write(1, "CoreDNS-1.13.1\nlinux/amd64, go1.25.2, 1db4568\n");
  for (;;) yield* proc.wait({ on: [] });
}

/** The ready plugin answers at /ready. */
function readyHandler(healthy: () => string | undefined): ReturnType<typeof healthHandler> {
  const handler = healthHandler(healthy);
  return (request) => handler({ ...request, path: request.path.replace(/^\/ready(?=\?|$)/, "/readyz") });
}

const program: Program = { name: "coredns", folder: "/", run: endsOnTerm(run) };

/** Cluster DNS. */
export const coredns: Image = {
  repository: "registry.k8s.io/coredns/coredns",
  tags: ["v1.13.1", "v1.12.1", "v1.12.0", "v1.11.3"],
  size: 22_000_000,
  entrypoint: ["/coredns"],
  programs: [program],
  userland: "none",
};
