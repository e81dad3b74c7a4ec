import type { JsonObject } from "../../base/json.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { CommandFault } from "./faults.ts";
import { itemsOfList } from "./find-objects.ts";
import type { DryRun } from "./flag-groups.ts";
import { annotationsOf, lastAppliedAnnotation } from "./last-applied.ts";
import type { Mapper } from "./mapper.ts";
import { dryRunSuffix } from "./printers/result-printer.ts";
import { kindName, type Resource } from "./resource.ts";
import type { Found } from "./selection.ts";

/** What --prune looks through where no list is given (util/prune/prune.go, 1.33). */
const usual = [
  "v1/ConfigMap",
  "v1/Endpoints",
  "v1/Namespace",
  "v1/PersistentVolumeClaim",
  "v1/PersistentVolume",
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
];

interface PruneValues {
  readonly selector: string;
  readonly "prune-allowlist": readonly string[];
}

/** Deletes what kubectl apply once made and stands in none of the files any more. */
export function* prune(context: Context, applied: readonly Found[], values: PruneValues, dryRun: DryRun): Task {
  const mapper = yield* context.mapper();
  const keep = new Set(
    applied.map(({ resource, namespace = "", name }) => `${kindName(resource)} ${namespace} ${name}`),
  );
  const namespaces = new Set(applied.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace])));
  const given = values["prune-allowlist"];
  const resources = (given.length > 0 ? given : usual).flatMap((text) => resourceIn(mapper, text, given.length > 0));
  for (const resource of resources) {
    for (const namespace of resource.namespaced ? namespaces : [undefined]) {
      const list = yield* context.client.list({ resource, namespace, labelSelector: values.selector, limit: 0 });
      for (const found of itemsOfList(resource, list)) {
        if (!annotationsOf(found.object)[lastAppliedAnnotation]) continue;
        if (keep.has(`${kindName(resource)} ${found.namespace ?? ""} ${found.name}`)) continue;
        if (dryRun !== "client") yield* context.client.remove(found, optionsOf(dryRun));
        context.out.line(`${kindName(resource)}/${found.name} pruned${dryRunSuffix(dryRun)}`);
      }
    }
  }
}

function optionsOf(dryRun: DryRun): JsonObject {
  return { propagationPolicy: "Background", ...(dryRun === "server" ? { dryRun: ["All"] } : {}) };
}

function resourceIn(mapper: Mapper, text: string, strict: boolean): readonly Resource[] {
  const parts = text.split("/");
  if (strict && parts.length !== 3)
    throw new CommandFault(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
  const [kind = "", version = "", group = ""] = parts.toReversed();
  const apiVersion = group === "" || group === "core" ? version : `${group}/${version}`;
  const found = mapper.ofKind(apiVersion, kind);
  if (!found && strict) throw new CommandFault(`no matches for kind "${kind}" in version "${apiVersion}"`);
  return found ? [found] : [];
}
