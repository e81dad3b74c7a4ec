import type { JsonObject } from "../../../../base/json.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { Task } from "../../../../machine/define.ts";
import { attachOrPrintLogs, printLogs } from "../../attach-pod.ts";
import { typeAndName } from "../../completers.ts";
import type { Context } from "../../context.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { eachFound, findObjects } from "../../find-objects.ts";
import { followObject } from "../../follow-object.ts";
import { generatedResource } from "../../generator.ts";
import { kindOf } from "../../kind-of.ts";
import { isSameType } from "../../resource.ts";
import type { Found } from "../../selection.ts";
import { patchOf } from "../../set-objects.ts";
import { debugProblem } from "./check.ts";
import { customProfile } from "./custom-profile.ts";
import { type DebugWish, flags } from "./flags.ts";
import { copiedPod, type DebugPod, ephemeralPod, nodePod } from "./pods.ts";

/** Looks into pods and nodes with a container of one's own. */
export const debug: Verb<typeof flags> = {
  path: ["debug"],
  usage: "debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]",
  short: "Create debugging sessions for troubleshooting workloads and nodes",
  long: `Debug cluster resources with containers of one's own.

  *  Pod: add an ephemeral container to a running pod, with tools that its images lack.
  *  Pod with --copy-to: make a copy of the pod with certain things changed.
  *  Node: make a pod in the node's namespaces that has the node's files under /host.`,
  examples: [
    "kubectl debug mypod -it --image=busybox",
    "kubectl debug mypod -it --image=busybox --target=mycontainer",
    "kubectl debug mypod -it --image=busybox --copy-to=my-debugger",
    "kubectl debug mypod -it --copy-to=my-debugger --container=mycontainer -- sh",
    "kubectl debug mypod --copy-to=my-debugger --set-image=*=busybox",
    "kubectl debug node/mynode -it --image=busybox",
  ],
  flags,
  complete: typeAndName(),
  check: debugProblem,
  *run(context, { args, dash = args.length, flags: values, given }) {
    if (values.target !== "" && !values.quiet)
      context.out.line(
        `Targeting container ${JSON.stringify(values.target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.`,
      );
    const custom = customProfile(context, values.custom);
    if (values.profile === "legacy")
      context.err.line(
        '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".',
      );
    const wish: DebugWish = { values, given, words: args.slice(dash), custom };
    const targets = args.slice(0, dash);
    const finding = yield* findObjects(context, {
      args: targets.map((name) => (name.includes("/") ? name : `pods/${name}`)),
      filenames: values.filename,
      latest: true,
    });
    const attaches = given.has("attach") ? values.attach : values.stdin;
    yield* eachFound(finding, function* (found) {
      const { pod, container } = yield* debugPod(context, found, wish);
      if (attaches && container !== "") yield* attachTo(context, pod, container, wish);
    });
  },
};

function* debugPod(context: Context, found: Found, wish: DebugWish): Task<{ pod: JsonObject; container: string }> {
  const kind = kindOf(found.resource);
  if (kind?.templateAt === "") {
    if (wish.values["copy-to"] !== "") return yield* copy(context, found, wish);
    return yield* addContainer(context, found, wish);
  }
  if (!isSameType(found.resource, (yield* context.mapper()).resourceFor("nodes"))) {
    const { group, version } = found.resource;
    throw new CommandFault(`"${group}/${version}, Kind=${found.resource.kind}" not supported by debug`);
  }
  const made = nodePod(context, found.name, wish);
  return { ...made, pod: yield* create(context, context.namespace, made.pod) };
}

function* create(context: Context, namespace: string, pod: JsonObject): Task<JsonObject> {
  return yield* context.client.create(generatedResource({ object: pod, plural: "pods" }), namespace, pod, {});
}

function* addContainer(context: Context, found: Found, wish: DebugWish) {
  const made = ephemeralPod(context, found.object, wish);
  warn(context, made.pod, "ephemeralContainers", made.container);
  const patch = patchFor(found.object, made);
  const pod = yield* context.client.patch({ ...found, subresource: "ephemeralcontainers" }, "strategic", patch);
  return { pod, container: made.container };
}

/**
 * What is sent to add a debug container. Under a name that is taken it is the old one, with what the profile adds to
 * it once more, which the server refuses.
 */
function patchFor(pod: JsonObject, made: DebugPod): JsonObject {
  const listIn = ({ spec }: JsonObject) => ((spec as JsonObject).ephemeralContainers ?? []) as readonly JsonObject[];
  const named = (one: JsonObject) => one.name === made.container;
  if (!listIn(pod).some(named)) return patchOf(pod, made.pod);
  return { spec: { ephemeralContainers: listIn(made.pod).filter(named).slice(0, 1) } };
}

function* copy(context: Context, found: Found, wish: DebugWish) {
  const made = copiedPod(context, found.object, wish);
  warn(context, made.pod, "containers", made.container);
  const pod = yield* create(context, found.namespace ?? context.namespace, made.pod);
  if (wish.values.replace) yield* context.client.remove(found, { gracePeriodSeconds: 0 });
  return { pod, container: made.container };
}

interface Security {
  readonly runAsUser?: number;
  readonly privileged?: boolean;
  readonly capabilities?: { readonly add?: readonly string[] };
}

/** A pod whose user is not root makes what its profile grants useless (debug.go displayWarning, 1.33). */
function warn(context: Context, pod: JsonObject, list: string, name: string): void {
  const spec = pod.spec as Readonly<Record<string, unknown>>;
  const whole = (spec.securityContext ?? {}) as Security;
  const containers = (spec[list] ?? []) as readonly { name: string; securityContext?: Security }[];
  const own = containers.find((one) => one.name === name)?.securityContext;
  if (!whole.runAsUser || !own || own.runAsUser === 0) return;
  if (!own.privileged && !own.capabilities?.add?.length) return;
  context.err.line(
    'Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".',
  );
}

/** Waits until the debug container has begun, and joins it; what has ended by then has left its output in the log. */
function* attachTo(context: Context, made: JsonObject, container: string, { values }: DebugWish): Task {
  const { name, namespace } = (made as unknown as Pod).metadata;
  const resource = (yield* context.mapper()).resourceFor("pods");
  let pod: Pod | undefined;
  yield* followObject(context, { resource, namespace, name }, undefined, (object) => {
    if (!object) throw new Status("NotFound", 'pods "" not found', undefined, 404);
    pod = object as unknown as Pod;
    const state = stateOf(pod, container);
    if (state?.running || state?.terminated) return true;
    if (!values.quiet && state?.waiting?.message)
      context.err.line(`Warning: container ${container}: ${state.waiting.message}`);
    return false;
  });
  if (!pod) return;
  const { stdin, tty, quiet } = values;
  if (stateOf(pod, container)?.terminated) yield* printLogs(context, pod, container);
  else yield* attachOrPrintLogs(context, pod, container, { stdin, tty, quiet, again: "kubectl attach" });
}

function stateOf({ status = {} }: Pod, name: string) {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status;
  const all = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  return all.find((one) => one.name === name)?.state;
}
