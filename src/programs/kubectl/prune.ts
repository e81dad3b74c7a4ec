import type { JsonObject } from "../../base/json.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { CommandFault } from "./faults.ts";
import { itemsOfList } from "./find-objects.ts";
import type { DryRun } from "./flag-groups.ts";
import { annotationsOf, lastAppliedAnnotation } from "./last-applied.ts";
import { logLine } from "./log-line.ts";
import type { Mapper } from "./mapper.ts";
import type { ObjectPrinter } from "./printers/object-printer.ts";
import { kindName, type Resource } from "./resource.ts";
import type { Found } from "./selection.ts";

/** What --prune looks through where no list is given, what has a namespace first (util/prune/prune.go, 1.33). */
const usual = [
  "v1/ConfigMap",
  "v1/Endpoints",
  "v1/PersistentVolumeClaim",
  "v1/Pod",
  "v1/ReplicationController",
  "v1/Secret",
  "v1/Service",
  "batch/v1/Job",
  "batch/v1/CronJob",
  "networking.k8s.io/v1/Ingress",
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/ReplicaSet",
  "apps/v1/StatefulSet",
  "v1/Namespace",
  "v1/PersistentVolume",
];

const deprecation =
  "Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.";

/** The resources of --prune-allowlist; undefined where nothing is listed and the usual ones count. */
export function pruneResources(mapper: Mapper, allowed: readonly string[]): readonly Resource[] | undefined {
  return allowed.length === 0 ? undefined : allowed.map((text) => allowedResource(mapper, text));
}

function allowedResource(mapper: Mapper, text: string): Resource {
  const parts = text.split("/");
  const [group = "", version = "", kind = ""] = parts;
  if (parts.length !== 3)
    throw new CommandFault(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
  const apiVersion = group === "core" || group === "" ? version : `${group}/${version}`;
  const found = mapper.ofKind(apiVersion, kind);
  if (!found) throw new CommandFault(`no matches for kind "${kind}" in version "${apiVersion}"`);
  return found;
}

/** What kubectl apply once made, in the namespaces of the applied objects, and stands in none of the files any more. */
export function* pruneCandidates(
  context: Context,
  applied: readonly Found[],
  listed: readonly Resource[] | undefined,
  labelSelector: string,
): Task<readonly Found[]> {
  const resources = listed ?? (yield* usualResources(context));
  const keep = new Set(
    applied.map(({ resource, namespace = "", name }) => `${kindName(resource)} ${namespace} ${name}`),
  );
  const namespaces = new Set(applied.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace])));
  const gone: Found[] = [];
  const look = function* (resource: Resource, namespace: string | undefined): Task {
    const list = yield* context.client.list({ resource, namespace, labelSelector, limit: 0 });
    for (const found of itemsOfList(resource, list)) {
      if (!annotationsOf(found.object)[lastAppliedAnnotation]) continue;
      if (!keep.has(`${kindName(resource)} ${found.namespace ?? ""} ${found.name}`)) gone.push(found);
    }
  };
  for (const namespace of namespaces)
    for (const resource of resources) if (resource.namespaced) yield* look(resource, namespace);
  for (const resource of resources) if (!resource.namespaced) yield* look(resource, undefined);
  return gone;
}

/** Kinds that the server does not have hold nothing to prune. */
function* usualResources(context: Context): Task<readonly Resource[]> {
  context.err.line(logLine(context.proc, "W", "prune.go:71", deprecation));
  const mapper = yield* context.mapper();
  return usual.flatMap((text) => {
    const at = text.lastIndexOf("/");
    const found = mapper.ofKind(text.slice(0, at), text.slice(at + 1));
    return found ? [found] : [];
  });
}

interface PruneAsk {
  readonly resources: readonly Resource[] | undefined;
  readonly selector: string;
  readonly dryRun: DryRun;
  readonly options: JsonObject;
  readonly printer: ObjectPrinter;
}

/** Deletes what kubectl apply once made and stands in none of the files any more. */
export function* prune(context: Context, applied: readonly Found[], ask: PruneAsk): Task {
  for (const found of yield* pruneCandidates(context, applied, ask.resources, ask.selector))
    yield* pruneOne(context, found, ask);
}

/** Deletes one object that is no longer wanted, and says so. */
export function* pruneOne(
  context: Context,
  found: Found,
  { dryRun, options, printer }: Pick<PruneAsk, "dryRun" | "options" | "printer">,
): Task {
  if (dryRun !== "client")
    yield* context.client.remove(found, dryRun === "server" ? { ...options, dryRun: ["All"] } : options);
  printer.print(found.object);
}
