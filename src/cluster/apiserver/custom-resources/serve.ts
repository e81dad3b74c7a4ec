import { CLEANUP } from "../../../kinds/custom-resource-definition.ts";
import { apiVersionOf, type Kind } from "../../../kinds/define.ts";
import { Status } from "../../../kinds/status.ts";
import type { CustomResourceDefinition } from "../../../kinds/types/api-extensions.ts";
import type { Condition } from "../../../kinds/types/meta.ts";
import type { Context } from "../context.ts";
import { deleteObject } from "../registry/delete.ts";
import { updateObject } from "../registry/update.ts";
import type { Writing } from "../registry/writing.ts";
import { timeText } from "../time-text.ts";
import { customKinds } from "./custom-kind.ts";
import { withAcceptedNames, withCondition } from "./names.ts";

/** How often the server looks whether instances with finalizers are gone (crd_finalizer.go, 1.35). */
const PATIENCE = 5;

/**
 * The part of kube-apiserver that serves custom resources: it accepts their names, establishes them, keeps the table of
 * kinds as the definitions say, and deletes the instances of a definition that goes (apiextensions-apiserver, 1.35).
 */
export class CustomResources {
  private readonly context: Context;
  private readonly kind: Kind | undefined;
  private readonly running: () => boolean;
  private readonly known = new WeakMap<object, readonly Kind[]>();
  private due = false;
  private end: (() => void) | undefined;

  constructor(context: Context, running: () => boolean) {
    this.context = context;
    this.running = running;
    this.kind = context.kinds.byGroupVersionResource("apiextensions.k8s.io", "v1", "customresourcedefinitions");
    if (!this.kind) return;
    this.serve();
    this.end = context.storage.watch(this.kind, undefined, () => {
      this.serve();
      this.lookSoon();
    });
    if (this.definitions().length > 0) this.lookSoon();
  }

  stop(): void {
    this.end?.();
  }

  private definitions(): readonly CustomResourceDefinition[] {
    return this.kind ? (this.context.storage.list(this.kind) as readonly CustomResourceDefinition[]) : [];
  }

  /** Serves what is established. */
  private serve(): void {
    const kinds = this.definitions()
      .filter(isEstablished)
      .flatMap((definition) => this.kindsOf(definition));
    const { all } = this.context.kinds;
    const isServed = new Set(all);
    const before = all.filter(({ readBody }) => readBody).length;
    if (before !== kinds.length || kinds.some((kind) => !isServed.has(kind))) this.context.kinds.setCustom(kinds);
  }

  /** The same as long as the definition and its names are. */
  private kindsOf(definition: CustomResourceDefinition): readonly Kind[] {
    const { spec, status } = definition;
    const found = this.known.get(spec);
    const names = status?.acceptedNames;
    if (found && this.known.get(names ?? spec) === found) return found;
    const kinds = customKinds(definition);
    this.known.set(spec, kinds);
    if (names) this.known.set(names, kinds);
    return kinds;
  }

  private lookSoon(): void {
    if (this.due) return;
    this.due = true;
    this.context.clock.soon(() => {
      this.due = false;
      if (this.running()) this.look();
    });
  }

  /** What the controllers of the server do: names, and the end of what is being deleted. */
  private look(): void {
    const now = timeText(this.context.clock.now);
    for (const { metadata } of this.definitions().slice()) {
      const definition = this.definitions().find((one) => one.metadata.name === metadata.name);
      if (!definition) continue;
      const others = this.definitions().filter(
        (other) => other !== definition && other.spec.group === definition.spec.group,
      );
      const status = withAcceptedNames(definition, others, now);
      if (status) this.write(metadata.name, (current) => ({ ...current, status }));
      if (metadata.deletionTimestamp && metadata.finalizers?.includes(CLEANUP)) this.clean(metadata.name);
    }
  }

  /** Deletes the instances; the definition goes when none is left. */
  private clean(name: string): void {
    const definition = this.definitions().find((one) => one.metadata.name === name);
    if (!definition) return;
    const isLeft = isEstablished(definition) && this.deleteInstances(definition);
    if (isLeft) {
      this.report(name, {
        type: "Terminating",
        status: "True",
        reason: "InstanceDeletionInProgress",
        message: "CustomResource deletion is in progress",
      });
      this.context.clock.after(PATIENCE, () => {
        if (this.running()) this.lookSoon();
      });
      return;
    }
    const reason = isEstablished(definition)
      ? { reason: "InstanceDeletionCompleted", message: "removed all instances" }
      : { reason: "NeverEstablished", message: "resource was never established" };
    const condition: Condition = { type: "Terminating", status: "False", ...reason };
    const now = timeText(this.context.clock.now);
    this.write(name, (current) => {
      const finalizers = current.metadata.finalizers?.filter((one) => one !== CLEANUP) ?? [];
      const { finalizers: _, ...metadata } = current.metadata;
      return {
        ...current,
        metadata: finalizers.length > 0 ? { ...metadata, finalizers } : metadata,
        status: withCondition(current.status ?? { acceptedNames: { plural: "", kind: "" } }, condition, now),
      };
    });
  }

  private report(name: string, condition: Condition): void {
    const now = timeText(this.context.clock.now);
    this.write(name, (current) => {
      const { status } = current;
      const old = status?.conditions?.find(({ type }) => type === condition.type);
      if (!status || old?.reason === condition.reason) return current;
      return { ...current, status: withCondition(status, condition, now) };
    });
  }

  /** Whether instances are left after all were deleted. */
  private deleteInstances(definition: CustomResourceDefinition): boolean {
    const { storage } = this.context;
    const kind = this.kindsOf(definition).find(({ storedAs }) => !storedAs);
    if (!kind) return false;
    for (const { metadata } of storage.list(kind).slice()) {
      if (metadata.deletionTimestamp) continue;
      deleteObject(this.context, this.writing(kind, metadata.namespace, undefined), metadata.name, {});
    }
    return storage.list(kind).length > 0;
  }

  private write(name: string, change: (current: CustomResourceDefinition) => CustomResourceDefinition): void {
    if (!this.kind) return;
    try {
      const writing = this.writing(this.kind, undefined, "status");
      updateObject(this.context, writing, name, (current) => change(current as CustomResourceDefinition));
    } catch (error) {
      if (!(error instanceof Status && error.reason === "NotFound")) throw error;
    }
  }

  private writing(kind: Kind, namespace: string | undefined, subresource: string | undefined): Writing {
    return {
      kind,
      attributes: {
        user: { name: "system:apiserver", groups: ["system:masters", "system:authenticated"] },
        namespace,
        subresource,
        dryRun: false,
      },
      manager: { name: "kube-apiserver", apiVersion: apiVersionOf(kind), subresource },
    };
  }
}

function isEstablished({ status }: CustomResourceDefinition): boolean {
  return status?.conditions?.some(({ type, status }) => type === "Established" && status === "True") ?? false;
}
