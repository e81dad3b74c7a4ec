import { type Micros, SECOND } from "../../../../base/clock.ts";
import { goDuration } from "../../../../base/go-duration.ts";
import type { JsonObject } from "../../../../base/json.ts";
import { canonicalQuantity } from "../../../../base/quantity.ts";
import { rfc3339 } from "../../../../base/time.ts";

/** What was measured at one moment: seconds of a core since the start, bytes now. */
interface Point {
  readonly at: Micros;
  readonly start: Micros;
  readonly seconds: number;
  readonly bytes: number;
}

/** What one look at all kubelets has found; containers by "namespace/pod", then by name. */
export interface Scraped {
  readonly nodes: Map<string, Point>;
  readonly pods: Map<string, Map<string, Point>>;
}

/** What something used between two looks, as the API tells it. */
export interface Measured {
  readonly timestamp: string;
  readonly window: string;
  readonly usage: { readonly cpu: string; readonly memory: string };
}

/** A container younger than the time between looks is measured from its start, once it is this old (storage/pod.go, 0.8). */
const YOUNGEST = 10 * SECOND;

/** Reads a kubelet's page /metrics/resource. */
export function readPage(page: string, node: string, into: Scraped): void {
  const times = new Map<string, Partial<{ at: Micros; start: Micros; seconds: number; bytes: number }>>();
  for (const line of page.split("\n")) {
    const found = /^(node|container)_(cpu|memory|start)_\w+(?:\{(.*)\})? (\S+)(?: (\d+))?$/.exec(line);
    if (!found) continue;
    const [, of, what, labels = "", value = "", stamp] = found;
    const key = of === "node" ? "" : labels;
    const known = times.get(key) ?? {};
    times.set(key, known);
    if (stamp !== undefined) known.at = Number(stamp) * 1000;
    if (what === "start") known.start = Math.round(Number(value) * SECOND);
    else if (what === "cpu") known.seconds = Number(value);
    else known.bytes = Number(value);
  }
  for (const [labels, { at, start = 0, seconds, bytes }] of times) {
    if (at === undefined || seconds === undefined || bytes === undefined) continue;
    const point = { at, start, seconds, bytes };
    if (labels === "") {
      into.nodes.set(node, point);
      continue;
    }
    const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    const pod = `${label("namespace")}/${label("pod")}`;
    const containers = into.pods.get(pod) ?? new Map<string, Point>();
    into.pods.set(pod, containers.set(label("container"), point));
  }
}

/** The last two looks, from which usage is worked out. */
export class Points {
  private last: Scraped = { nodes: new Map(), pods: new Map() };
  private before: Scraped = { nodes: new Map(), pods: new Map() };
  private readonly resolution: Micros;

  constructor(resolution: Micros) {
    this.resolution = resolution;
  }

  get ready(): boolean {
    return this.before.nodes.size > 0 || this.before.pods.size > 0;
  }

  store(scraped: Scraped): void {
    const before: Scraped = { nodes: new Map(), pods: new Map() };
    for (const name of scraped.nodes.keys()) {
      const old = this.last.nodes.get(name);
      if (old) before.nodes.set(name, old);
    }
    for (const [pod, containers] of scraped.pods) {
      const known = new Map<string, Point>();
      for (const [name, point] of containers) {
        const old = this.earlier(pod, name, point);
        if (old) known.set(name, old);
      }
      if (known.size > 0) before.pods.set(pod, known);
    }
    this.last = scraped;
    this.before = before;
  }

  private earlier(pod: string, container: string, point: Point): Point | undefined {
    const age = point.at - point.start;
    if (age < this.resolution && age >= YOUNGEST) return { ...point, at: point.start, seconds: 0 };
    const old = this.last.pods.get(pod)?.get(container);
    return old && point.start < old.at ? old : undefined;
  }

  node(name: string): Measured | undefined {
    return measured(this.last.nodes.get(name), this.before.nodes.get(name));
  }

  /** Of every container of a pod; undefined while one of them is not known for long enough. */
  pod(key: string): { readonly measured: Measured; readonly containers: readonly JsonObject[] } | undefined {
    const last = this.last.pods.get(key);
    const before = this.before.pods.get(key);
    if (!last || !before) return undefined;
    const all: { name: string; measured: Measured }[] = [];
    for (const [name, point] of last) {
      const one = measured(point, before.get(name));
      if (!one) return undefined;
      all.push({ name, measured: one });
    }
    const [first] = all.toSorted((a, b) => (a.measured.timestamp < b.measured.timestamp ? -1 : 1));
    if (!first) return undefined;
    return { measured: first.measured, containers: all.map(({ name, measured: { usage } }) => ({ name, usage })) };
  }
}

function measured(last: Point | undefined, before: Point | undefined): Measured | undefined {
  if (!last || !before || last.seconds < before.seconds || last.at <= before.at) return undefined;
  const window = last.at - before.at;
  const nano = Math.floor(((last.seconds - before.seconds) / (window / SECOND)) * 1e9);
  return {
    timestamp: rfc3339(last.at),
    window: goDuration(window),
    usage: { cpu: canonicalQuantity(`${nano}n`), memory: canonicalQuantity(`${Math.floor(last.bytes / 1024)}Ki`) },
  };
}
