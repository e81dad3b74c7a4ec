import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { Status } from "../../../kinds/status.ts";
import type { EndpointSlice, Namespace, Service } from "../../../kinds/types/core.ts";
import { Errno, type Program, type Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { DnsType } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { Unreachable } from "../../apiserver/define.ts";
import { Connection } from "../../connection.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { Informer } from "../../daemon/informer.ts";
import { listenHttp } from "../../daemon/listen-http.ts";
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
  const services = new Informer<Service>(api, "services");
  const slices = new Informer<EndpointSlice>(api, "endpointslices.discovery.k8s.io");
  const namespaces = new Informer<Namespace>(api, "namespaces");
  const label = "kubernetes.io/service-name";
  return {
    service: (namespace, name) => services.get(namespace, name),
    slices: (namespace, service) =>
      slices.all.filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.[label] === service),
    namespace: (name) => namespaces.get(undefined, name) !== undefined,
    services: () => services.all,
  };
}

/** Answers a question by the first block whose zone fits, and in it by its plugins. */
function answer(blocks: readonly ServerBlock[], source: DnsSource, name: string, type: DnsType): Answer {
  const zoneOf = (block: ServerBlock) =>
    block.zones
      .map((zone) => zone.replace(/^dns:\/\//, "").replace(/:\d+$/, ""))
      .filter((zone) => inZone(name, zone))
      .sort((a, b) => b.length - a.length)[0];
  // The block with the longest zone that fits answers.
  const fitting = blocks.filter((block) => zoneOf(block) !== undefined);
  const block = fitting.sort((a, b) => (zoneOf(b)?.length ?? 0) - (zoneOf(a)?.length ?? 0))[0];
  const kubernetes = block?.directives.find((d) => d.name === "kubernetes");
  if (!kubernetes) return undefined;
  const zone = kubernetes.words.find((word) => !word.endsWith(".arpa"))?.replace(/\.$/, "") ?? "cluster.local";
  return clusterRecord(source, zone, name.toLowerCase(), type);
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
  try {
    yield* serve(proc, blocks, connection);
    return 0;
  } finally {
    connection.close();
  }
}

function* serve(proc: Process, blocks: readonly ServerBlock[], connection: Connection): Task {
  const source = sourceOf(connection);
  const portOfBlock = ({ zones }: ServerBlock) => portOf({ name: "", words: [zones[0] ?? ""], line: 0, block: [] }, 53);
  for (const port of new Set(blocks.map(portOfBlock))) {
    const here = blocks.filter((block) => portOfBlock(block) === port);
    const dns = (name: string, type: DnsType) => answer(here, source, name, type);
    for (const protocol of ["UDP", "TCP"] as const)
      proc.machine.listen({ proc, address: "0.0.0.0", port, protocol, dns });
  }
  for (const block of blocks) {
    yield* proc.write(1, `${block.zones[0] ?? "."}\n`);
    for (const { name, line } of block.directives)
      if (!simulated.has(name))
        yield* proc.write(1, `[WARNING] plugin/${name}: line ${line}: not simulated here, its answers are left out\n`);
  }
  const all = blocks.flatMap((b) => b.directives);
  const health = all.find((d) => d.name === "health");
  const ready = all.find((d) => d.name === "ready");
  if (health)
    listenHttp(
      proc,
      "0.0.0.0",
      portOf(health, 8080),
      pageAt("/health", () => undefined),
    );
  if (ready)
    listenHttp(
      proc,
      "0.0.0.0",
      portOf(ready, 8181),
      // Plugins that are not ready are named.
      pageAt("/ready", () => (apiProblem(connection) === undefined ? undefined : "kubernetes")),
    );
  const version = /:v?([^:]+)$/.exec(String(proc.machine.parts.get("image")))?.[1] ?? "";
  yield* proc.write(1, `CoreDNS-${version}\nlinux/amd64\n`);
  for (;;) yield* proc.wait({ on: [] });
}

/** The kubernetes plugin is ready when it may read what it answers from. */
function apiProblem(api: Connection): string | undefined {
  try {
    api.list("services");
    return undefined;
  } catch (error) {
    if (error instanceof Unreachable || error instanceof Status) return "kubernetes";
    throw error;
  }
}

/** What the health and ready plugins serve: OK, or what is wrong (CoreDNS 1.13). */
function pageAt(path: string, problem: () => string | undefined): (request: HttpRequest) => HttpResponse {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  return (request) => {
    if (request.path.split("?")[0] !== path) return { status: 404, headers, body: "404 page not found\n" };
    const wrong = problem();
    return wrong === undefined ? { status: 200, headers, body: "OK" } : { status: 503, headers, body: wrong };
  };
}

const program: Program = { name: "coredns", folder: "/", run: endsOnTerm(run) };

/** Cluster DNS. */
export const coredns: Image = {
  repository: "registry.k8s.io/coredns/coredns",
  tags: ["v1.13.1", "v1.12.1", "v1.12.0", "v1.11.3"],
  size: 22_000_000,
  usage: { cpu: 3, memory: 15 },
  entrypoint: ["/coredns"],
  programs: [program],
  userland: "none",
};
