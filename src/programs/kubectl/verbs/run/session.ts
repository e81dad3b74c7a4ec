import type { JsonObject } from "../../../../base/json.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { Task } from "../../../../machine/define.ts";
import { attachOrPrintLogs, printLogs } from "../../attach-pod.ts";
import type { Context } from "../../context.ts";
import type { FlagValues } from "../../define.ts";
import { deleteOptions } from "../../delete-objects.ts";
import { CommandFault, PlainFault } from "../../faults.ts";
import { followObject } from "../../follow-object.ts";
import { kindName, type Resource } from "../../resource.ts";
import type { Found } from "../../selection.ts";
import type { flags } from "./run.ts";

type Values = FlagValues<typeof flags>;

/** Waits until the pod runs, joins it, and ends as its container ended (run.go, 1.33). */
export function* attachAndWait(context: Context, made: JsonObject, values: Values): Task<number | undefined> {
  const target = yield* foundOf(context, made);
  const running = yield* untilPod(
    context,
    target,
    values,
    ({ status }) => status?.phase !== "Pending" && isStarted(status),
  );
  const container = running.spec.containers[0]?.name ?? "";
  if (isOver(running)) yield* printLogs(context, running, container);
  else {
    const { stdin, tty, quiet } = values;
    yield* attachOrPrintLogs(context, running, container, { stdin, tty, quiet, again: "kubectl attach" });
  }
  if (values["leave-stdin-open"] || values.restart === "Always" || values.restart === "") return undefined;
  const wantsSuccess = values.restart === "OnFailure";
  const ended = yield* untilPod(context, target, values, (pod) =>
    wantsSuccess ? pod.status?.phase === "Succeeded" : isOver(pod),
  );
  return statusOf(ended);
}

function isStarted(status: Pod["status"]): boolean {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return true;
  return (status?.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "True");
}

function isOver({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function* untilPod(context: Context, target: Found, values: Values, holds: (pod: Pod) => boolean): Task<Pod> {
  let pod: Pod | undefined;
  yield* followObject(context, target, context.now + values["pod-running-timeout"], (object) => {
    if (object === undefined) throw new CommandFault(`pods "${target.name}" not found`);
    pod = object as unknown as Pod;
    return holds(pod);
  });
  if (!pod) throw new CommandFault(`pods "${target.name}" not found`);
  return pod;
}

/** The exit status of a pod that is over. */
function statusOf(pod: Pod): number | undefined {
  const { name, namespace } = pod.metadata;
  if (pod.status?.phase === "Succeeded") return undefined;
  const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
  if (!ended?.exitCode) throw new CommandFault(`pod ${namespace}/${name} failed with unknown exit code`);
  throw new PlainFault(
    `pod ${namespace}/${name} terminated (${ended.reason ?? ""})\n${ended.message ?? ""}`,
    ended.exitCode,
  );
}

/** --rm: deletes what was made. */
export function* removeAll(context: Context, all: readonly JsonObject[], values: Values): Task {
  for (const object of all) {
    const found = yield* foundOf(context, object);
    const grace = values.force && values["grace-period"] < 0 ? 0 : values["grace-period"];
    yield* context.client.remove(found, deleteOptions("Background", grace));
    if (!values.quiet)
      context.out.line(`${kindName(found.resource)} "${found.name}" ${grace === 0 ? "force deleted" : "deleted"}`);
  }
}

function* foundOf(context: Context, object: JsonObject): Task<Found> {
  const { name = "", namespace } = object.metadata as { readonly name?: string; readonly namespace?: string };
  const mapper = yield* context.mapper();
  const resource = mapper.ofKind(String(object.apiVersion), String(object.kind)) as Resource;
  return { resource, namespace: namespace ?? context.namespace, name, object, source: "" };
}
