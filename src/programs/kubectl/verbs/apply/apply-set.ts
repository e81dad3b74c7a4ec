import { sha256 } from "@noble/hashes/sha2.js";
import { base64UrlOf } from "../../../../base/base64.ts";
import type { JsonObject } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import { bytesOf } from "../../../../base/text-bytes.ts";
import { releaseOf } from "../../../../cluster/kubeadm/release.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import { dryRunQuery } from "../../dry-run.ts";
import { CommandFault, failuresOf } from "../../faults.ts";
import { itemsOfList } from "../../find-objects.ts";
import type { DryRun } from "../../flag-groups.ts";
import { annotationsOf } from "../../last-applied.ts";
import { pruneOne } from "../../prune.ts";
import { groupVersion, kindName, type Resource } from "../../resource.ts";
import type { Finding, Found } from "../../selection.ts";

const prefix = "applyset.kubernetes.io";
const toolingKey = `${prefix}/tooling`;
const kindsKey = `${prefix}/contains-group-kinds`;
const namespacesKey = `${prefix}/additional-namespaces`;
const idKey = `${prefix}/id`;
const partOfKey = `${prefix}/part-of`;

/** The object that keeps an ApplySet. */
interface Parent {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
}

type Pruning = Parameters<typeof pruneOne>[2];

/** What was applied together, kept by labels and in the annotations of a parent object (cmd/apply/applyset.go, 1.33; alpha). */
export class ApplySet {
  private readonly context: Context;
  private readonly parent: Parent;
  private readonly dryRun: DryRun;
  private kinds = new Set<string>();
  private namespaces = new Set<string>();

  private constructor(context: Context, parent: Parent, dryRun: DryRun) {
    this.context = context;
    this.parent = parent;
    this.dryRun = dryRun;
  }

  /** The set that --applyset names; undefined without the flag, which is unknown unless KUBECTL_APPLYSET is true. */
  static *of(context: Context, text: string, given: boolean, dryRun: DryRun): Task<ApplySet | undefined> {
    if (given && context.proc.env.get("KUBECTL_APPLYSET") !== "true")
      throw new CommandFault("unknown flag: --applyset\nSee 'kubectl apply --help' for usage.");
    if (text === "") return undefined;
    const mapper = yield* context.mapper();
    const [first = "", second] = text.split("/");
    const resource = mapper.resourceFor(second === undefined ? "secrets" : first);
    const { namespaceGiven, namespace } = context.config;
    const placed = resource.namespaced ? (namespaceGiven ? namespace : "") : undefined;
    const set = new ApplySet(context, { resource, namespace: placed, name: second ?? first }, dryRun);
    return set;
  }

  /** Checks the parent, notes there what is coming, and gives the objects their label. */
  *take(finding: Finding): Task<Finding> {
    yield* this.check();
    const live = yield* this.context.client.find(this.parent);
    if (live) this.read(live);
    const before = { kinds: new Set(this.kinds), namespaces: new Set(this.namespaces) };
    for (const found of finding.found) this.note(found);
    yield* this.write(this.kinds, this.namespaces);
    this.kinds = new Set([...before.kinds, ...this.kinds]);
    return { ...finding, found: finding.found.map((found) => this.labelled(found)) };
  }

  /** Deletes what belongs to the set and was not applied this time. */
  *prune(applied: readonly Found[], pruning: Pruning): Task {
    const { client } = this.context;
    const keep = new Set(applied.map(keyOf));
    const mapper = yield* this.context.mapper();
    for (const text of this.kinds) {
      const [kind = "", ...group] = text.split(".");
      const resource = mapper.ofGroupKind(group.join("."), kind);
      if (!resource) continue;
      for (const namespace of resource.namespaced ? this.namespaces : [undefined]) {
        const list = yield* client.list({ resource, namespace, labelSelector: `${partOfKey}=${this.id}`, limit: 0 });
        for (const found of itemsOfList(resource, list))
          if (!keep.has(keyOf(found))) yield* pruneOne(this.context, found, pruning);
      }
    }
    this.kinds = new Set();
    this.namespaces = new Set();
    for (const found of applied) this.note(found);
    yield* this.write(this.kinds, this.namespaces);
  }

  /** Only Secrets, ConfigMaps and custom resources that say so may keep a set. */
  private *check(): Task {
    const { resource, namespace } = this.parent;
    const faults: Error[] = [];
    if (namespace === "") faults.push(new CommandFault("namespace is required to use namespace-scoped ApplySet"));
    if (resource.group !== "" || !["secrets", "configmaps"].includes(resource.plural)) {
      const allowed = yield* this.customParents(faults);
      if (!allowed.has(`${resource.plural}.${resource.group}`))
        faults.push(
          new CommandFault(
            `resource "${groupVersion(resource)}, Resource=${resource.plural}" is not permitted as an ApplySet parent`,
          ),
        );
    }
    const failure = failuresOf(faults);
    if (failure) throw failure;
  }

  private *customParents(faults: Error[]): Task<ReadonlySet<string>> {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const query = { labelSelector: `${prefix}/is-parent-type=true` };
    try {
      const list = yield* this.context.client.object({ path, query });
      return new Set(
        ((list.items ?? []) as readonly JsonObject[]).map(({ metadata }) =>
          isObject(metadata) ? String(metadata.name) : "",
        ),
      );
    } catch (fault) {
      if (!(fault instanceof Status)) throw fault;
      const why = fault.reason === "NotFound" ? "the server could not find the requested resource" : fault.message;
      faults.push(new CommandFault(`identifying allowed custom resource parent types: ${why}`));
      return new Set();
    }
  }

  /** applyset-…-v1, from the parent's name, namespace, kind and group. */
  private get id(): string {
    const { resource, namespace = "", name } = this.parent;
    const text = [name, namespace, resource.kind, resource.group].join(".");
    return `applyset-${base64UrlOf(sha256(bytesOf(text)))}-v1`;
  }

  private read(live: JsonObject): void {
    const { resource, name } = this.parent;
    const about = `ApplySet parent object "${kindsName(resource)}/${name}"`;
    const annotations = annotationsOf(live);
    const tooling = annotations[toolingKey];
    if (tooling === undefined)
      throw new CommandFault(`${about} already exists and is missing required annotation "${toolingKey}"`);
    const by = tooling.split("/")[0] ?? "";
    if (by !== "kubectl")
      throw new CommandFault(`${about} already exists and is managed by tooling "${by}" instead of "kubectl"`);
    const labels = isObject(live.metadata) && isObject(live.metadata.labels) ? live.metadata.labels : {};
    const id = labels[idKey];
    if (id === undefined) throw new CommandFault(`${about} exists and does not have required label ${idKey}`);
    if (id !== this.id)
      throw new CommandFault(
        `${about} exists and has incorrect value for label "${idKey}" (got: ${id}, want: ${this.id})`,
      );
    this.kinds = wordsIn(annotations[kindsKey]);
    this.namespaces = wordsIn(annotations[namespacesKey]);
    if (this.parent.namespace !== undefined) this.namespaces.add(this.parent.namespace);
  }

  private note({ resource, namespace }: Found): void {
    this.kinds.add(resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`);
    if (namespace !== undefined) this.namespaces.add(namespace);
  }

  private labelled(found: Found): Found {
    const metadata = isObject(found.object.metadata) ? found.object.metadata : {};
    const labels = isObject(metadata.labels) ? metadata.labels : {};
    const object = { ...found.object, metadata: { ...metadata, labels: { ...labels, [partOfKey]: this.id } } };
    return { ...found, object };
  }

  private *write(kinds: ReadonlySet<string>, namespaces: ReadonlySet<string>): Task {
    if (this.dryRun === "client") return;
    const { resource, namespace, name } = this.parent;
    const others = [...namespaces].filter((one) => one !== namespace).sort();
    const annotations = {
      [toolingKey]: `kubectl/${releaseOf(undefined).version}`,
      [kindsKey]: [...kinds].sort().join(","),
      [namespacesKey]: others.join(","),
    };
    const body = {
      kind: resource.kind,
      apiVersion: groupVersion(resource),
      metadata: { name, ...(namespace === undefined ? {} : { namespace }), annotations, labels: { [idKey]: this.id } },
    };
    const query = { fieldManager: "kubectl-applyset", ...dryRunQuery(this.dryRun) };
    try {
      yield* this.context.client.patch(this.parent, "apply", body, { ...query, force: "false" });
    } catch (fault) {
      if (!(fault instanceof Status)) throw fault;
      if (fault.reason !== "Conflict") throw new CommandFault(`failed to update ApplySet: ${fault.message}`);
      yield* this.context.client.patch(this.parent, "apply", body, { ...query, force: "true" });
    }
  }
}

function keyOf({ resource, namespace = "", name }: Found): string {
  return `${kindName(resource)} ${namespace} ${name}`;
}

/** secrets., configmaps. */
function kindsName({ plural, group }: Resource): string {
  return `${plural}.${group}`;
}

function wordsIn(text: string | undefined): Set<string> {
  return new Set((text ?? "").split(",").filter((word) => word !== ""));
}
