import { fieldMatcher, parseFieldSelector } from "../../../../base/field-selector.ts";
import { FormatError } from "../../../../base/format-error.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import type { JsonObject } from "../../../../base/json.ts";
import { parseSelector } from "../../../../base/parse-selector.ts";
import { addQuantity, parseQuantity } from "../../../../base/quantity.ts";
import { selectorMatcher } from "../../../../base/selector.ts";
import { rfc3339 } from "../../../../base/time.ts";
import { Status } from "../../../../kinds/status.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import { wantedForm } from "../../../apiserver/http/accept.ts";
import { type ResourcePath, resourcePath } from "../../../apiserver/http/route.ts";
import type { Measured, Points } from "./points.ts";

const GROUP = "metrics.k8s.io";
const API = `${GROUP}/v1beta1`;
const json = { "content-type": "application/json", "cache-control": "no-cache, private" };

/** What the answers are made of: the cluster's nodes and running pods, and what was measured. */
export interface Facts {
  readonly points: Points;
  nodes(): readonly KubeObject[];
  pods(): readonly KubeObject[];
  readonly now: number;
}

/** Answers a request below /apis (metrics-server pkg/api, 0.8). Throws Status. */
export function answerMetrics(facts: Facts, request: HttpRequest): HttpResponse {
  const [path = "", text = ""] = request.path.split("?", 2);
  const page = discovery(path.replace(/\/$/, ""));
  if (page) return { status: 200, headers: json, body: page };
  const resource = resourcePath(path);
  const kind = resource && kinds[resource.plural];
  if (!kind || resource.group !== GROUP || resource.version !== "v1beta1" || resource.subresource)
    return { status: 404, headers: { "content-type": "text/plain; charset=utf-8" }, body: "404 page not found\n" };
  const query = new URLSearchParams(text);
  if (request.method !== "GET" || ["true", "1"].includes(query.get("watch") ?? "")) {
    const verb = request.method === "GET" ? "watch" : (verbs[request.method] ?? "create");
    const message = `${verb} is not supported on resources of kind "${resource.plural}.${GROUP}"`;
    throw new Status("MethodNotAllowed", message, { group: GROUP, kind: resource.plural });
  }
  const isTable = wantedForm(request.headers.accept).kind === "table";
  if (resource.name !== undefined) {
    const one = oneOf(facts, kind, resource);
    return { status: 200, headers: json, body: isTable ? table([one]) : one };
  }
  const items = listOf(facts, kind, resource, query);
  const list = { kind: `${kind.kind}List`, apiVersion: API, metadata: {}, items };
  return { status: 200, headers: json, body: isTable ? table(items) : list };
}

const verbs: Readonly<Record<string, string>> = { PUT: "update", PATCH: "patch", DELETE: "delete" };

interface MetricsKind {
  readonly kind: string;
  readonly namespaced: boolean;
  of(facts: Facts): readonly KubeObject[];
  metrics(facts: Facts, object: KubeObject): JsonObject | undefined;
}

const kinds: Readonly<Record<string, MetricsKind>> = {
  nodes: {
    kind: "NodeMetrics",
    namespaced: false,
    of: (facts) => facts.nodes(),
    metrics(facts, object) {
      const found = facts.points.node(object.metadata.name);
      return found && { ...head(this, facts, object, found), usage: found.usage };
    },
  },
  pods: {
    kind: "PodMetrics",
    namespaced: true,
    of: (facts) => facts.pods(),
    metrics(facts, object) {
      const { namespace, name } = object.metadata;
      const found = facts.points.pod(`${namespace}/${name}`);
      return found && { ...head(this, facts, object, found.measured), containers: found.containers };
    },
  },
};

function head(
  { kind }: MetricsKind,
  facts: Facts,
  { metadata }: KubeObject,
  { timestamp, window }: Measured,
): JsonObject {
  const { name, namespace, labels } = metadata;
  return {
    kind,
    apiVersion: API,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: rfc3339(facts.now),
      ...(labels ? { labels } : {}),
    },
    timestamp,
    window,
  };
}

function oneOf(facts: Facts, kind: MetricsKind, { plural, namespace, name = "" }: ResourcePath): JsonObject {
  const object = kind.of(facts).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (!object) throw new Status("NotFound", `${plural} "${name}" not found`, { name, kind: plural });
  const found = kind.metrics(facts, object);
  if (found) return found;
  const [what, full] = [kind.kind.toLowerCase(), namespace === undefined ? name : `${namespace}/${name}`];
  throw new Status("NotFound", `${what}.${GROUP} "${full}" not found`, { name: full, group: GROUP, kind: what });
}

function listOf(
  facts: Facts,
  kind: MetricsKind,
  { namespace }: ResourcePath,
  query: URLSearchParams,
): readonly JsonObject[] {
  const { labels, fields } = selectors(query);
  const items: JsonObject[] = [];
  for (const object of kind.of(facts)) {
    const { metadata } = object;
    if (kind.namespaced && namespace !== undefined && metadata.namespace !== namespace) continue;
    const field = (name: string) =>
      ({ "metadata.name": metadata.name, "metadata.namespace": metadata.namespace })[name];
    if (!labels(metadata.labels) || !fields((name) => field(name) ?? "")) continue;
    const found = kind.metrics(facts, object);
    if (found) items.push(found);
  }
  return items;
}

function selectors(query: URLSearchParams) {
  try {
    return {
      labels: selectorMatcher(parseSelector(query.get("labelSelector") ?? "")),
      fields: fieldMatcher(parseFieldSelector(query.get("fieldSelector") ?? "")),
    };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Status("BadRequest", error.message);
  }
}

function usageSum(item: JsonObject): { readonly cpu: string; readonly memory: string } {
  const all = (item.containers ?? [item]) as readonly { usage: { cpu: string; memory: string } }[];
  const sum = (what: "cpu" | "memory") =>
    all.map(({ usage }) => parseQuantity(usage[what])).reduce((a, b) => addQuantity(a, b));
  return { cpu: sum("cpu").text, memory: sum("memory").text };
}

function table(items: readonly JsonObject[]): JsonObject {
  const columns = [
    ["Name", "name", "Name of the resource"],
    ["cpu", "quantity", ""],
    ["memory", "quantity", ""],
    ["Window", "duration", ""],
  ];
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: {},
    columnDefinitions:
      items.length === 0
        ? []
        : columns.map(([name = "", format = "", description = ""]) => ({
            name,
            type: "string",
            format,
            description,
            priority: 0,
          })),
    rows: items.map((item) => {
      const { cpu, memory } = usageSum(item);
      const { metadata = {} } = item;
      const object = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
      return { cells: [(metadata as { name: string }).name, cpu, memory, item.window ?? ""], object };
    }),
  };
}

function discovery(path: string): JsonObject | undefined {
  const version = { groupVersion: API, version: "v1beta1" };
  const group = { name: GROUP, versions: [version], preferredVersion: version };
  if (path === "/apis") return { kind: "APIGroupList", apiVersion: "v1", groups: [group] };
  if (path === `/apis/${GROUP}`) return { kind: "APIGroup", apiVersion: "v1", ...group };
  if (path !== `/apis/${API}`) return undefined;
  const resources = Object.entries(kinds).map(([name, { kind, namespaced }]) => ({
    name,
    singularName: "",
    namespaced,
    kind,
    verbs: ["get", "list"],
  }));
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: API, resources };
}
