import type { JsonObject } from "../../../../base/json.ts";
import { applyStrategicMerge } from "../../../../base/patch/strategic-merge.ts";
import { mergeSchemaOf } from "../../../../schema/merge-schema.ts";
import { typeNamed } from "../../../../schema/types.ts";
import type { Context } from "../../context.ts";
import { CommandFault } from "../../faults.ts";
import type { DebugWish } from "./flags.ts";
import { withProfile } from "./profiles.ts";

type Containers = readonly JsonObject[];
type Spec = Readonly<Record<string, unknown>> & { readonly containers: Containers };

/** A pod to be sent, and its debug container; "" where none was added or changed. */
export interface DebugPod {
  readonly pod: JsonObject;
  readonly container: string;
}

const lists = ["containers", "initContainers", "ephemeralContainers"];

function namesIn(pod: JsonObject): readonly unknown[] {
  const spec = pod.spec as JsonObject;
  return lists.flatMap((list) => ((spec[list] ?? []) as Containers).map(({ name }) => name));
}

/** The name of the debug container: -c, or one that no container has, which is then said. */
function debugName(context: Context, pod: JsonObject, { values }: DebugWish): string {
  if (values.container !== "") return values.container;
  const { random } = context.proc.machine.kernel;
  const taken = namesIn(pod);
  let name: string;
  do name = `debugger-${random.suffix(5)}`;
  while (taken.includes(name));
  if (!values.quiet) context.out.line(`Defaulting debug container name to ${name}.`);
  return name;
}

function newContainer(name: string, { values, words }: DebugWish): JsonObject {
  const policy = values["image-pull-policy"];
  return {
    name,
    image: values.image,
    ...(words.length === 0 ? {} : { [values["arguments-only"] ? "args" : "command"]: words }),
    ...environment(values.env),
    ...(policy === "" ? {} : { imagePullPolicy: policy }),
    ...(values.stdin ? { stdin: true } : {}),
    ...(values.tty ? { tty: true } : {}),
    resources: {},
    terminationMessagePolicy: "File",
  };
}

function environment(env: Readonly<Record<string, string>>): JsonObject {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  return variables.length === 0 ? {} : { env: variables };
}

/** The pod with one more ephemeral container. */
export function ephemeralPod(context: Context, pod: JsonObject, wish: DebugWish): DebugPod {
  const name = debugName(context, pod, wish);
  const { target } = wish.values;
  const added = { ...newContainer(name, wish), ...(target === "" ? {} : { targetContainerName: target }) };
  const spec = pod.spec as JsonObject;
  const ephemeralContainers = [...((spec.ephemeralContainers ?? []) as Containers), added];
  const next = withProfile({ ...pod, spec: { ...spec, ephemeralContainers } }, name, "ephemeral", wish.values);
  return { pod: customized(next, "ephemeralContainers", name, wish), container: name };
}

/** The pod that is put on a node: in the host's namespaces, as its profile says, with the host's files under /host. */
export function nodePod(context: Context, node: string, wish: DebugWish): DebugPod {
  const { values } = wish;
  const container = values.container || "debugger";
  const name = `node-debugger-${node}-${context.proc.machine.kernel.random.suffix(5)}`;
  if (!values.quiet) context.out.line(`Creating debugging pod ${name} with container ${container} on node ${node}.`);
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      containers: [newContainer(container, wish)],
      restartPolicy: "Never",
      nodeName: node,
      tolerations: [{ operator: "Exists" }],
    },
  };
  return { pod: customized(withProfile(pod, container, "node", values), "containers", container, wish), container };
}

/** A copy of the pod with a debug container more, or with one of its containers changed. */
export function copiedPod(context: Context, pod: JsonObject, wish: DebugWish): DebugPod {
  const { values } = wish;
  const copied = copyOf(pod, wish);
  let name = values.container;
  let spec = copied.spec as unknown as Spec;
  if (!namesIn(copied).includes(name)) {
    if (values.image === "") {
      if (Object.keys(values["set-image"]).length > 0) return { pod: copied, container: "" };
      throw new CommandFault("you must specify image when creating new container");
    }
    if (name === "") name = debugName(context, copied, wish);
    const added = { name, terminationMessagePolicy: "File", resources: {} };
    spec = { ...spec, containers: [...spec.containers, added] };
  }
  const changed = (list: Containers) => list.map((one) => (one.name === name ? debugged(one, wish) : one));
  const next: Record<string, unknown> = { ...spec, containers: changed(spec.containers) };
  if (spec.initContainers) next.initContainers = changed(spec.initContainers as Containers);
  const profiled = withProfile({ ...copied, spec: next as JsonObject }, name, "copy", values);
  return { pod: customized(profiled, "containers", name, wish), container: name };
}

function copyOf({ metadata, spec: old }: JsonObject, { values, given }: DebugWish): JsonObject {
  const { namespace, annotations, labels } = metadata as JsonObject;
  const { ephemeralContainers: _, ...spec } = old as unknown as Spec & { readonly nodeName?: string };
  const images = values["set-image"];
  const containers = spec.containers.map((container) => {
    const image = images[String(container.name)] ?? images["*"];
    return image ? { ...container, image } : container;
  });
  const { nodeName, ...elsewhere } = spec;
  const placed: Record<string, unknown> = { ...(values["same-node"] ? spec : elsewhere), containers };
  if (given.has("share-processes")) placed.shareProcessNamespace = values["share-processes"];
  const kept = { ...(annotations ? { annotations } : {}), ...(labels ? { labels } : {}) };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: values["copy-to"], namespace: namespace ?? "", ...kept },
    spec: placed as JsonObject,
  };
}

/** A container of the copy as the command line changes it. */
function debugged(container: JsonObject, { values, words }: DebugWish): JsonObject {
  const next: Record<string, unknown> = { ...container, ...environment(values.env) };
  if (words.length > 0 && values["arguments-only"]) next.args = words;
  else if (words.length > 0) {
    next.command = words;
    delete next.args;
  }
  if (values.image !== "") next.image = values.image;
  if (values["image-pull-policy"] !== "") next.imagePullPolicy = values["image-pull-policy"];
  for (const field of ["stdin", "tty"] as const) {
    delete next[field];
    if (values[field]) next[field] = true;
  }
  return next as JsonObject;
}

/** The debug container with what --custom lays over it. */
function customized(pod: JsonObject, list: string, name: string, { custom }: DebugWish): JsonObject {
  const type = typeNamed("io.k8s.api.core.v1.Container");
  if (!custom || !type) return pod;
  const spec = pod.spec as JsonObject;
  const containers = (spec[list] ?? []) as Containers;
  if (!containers.some((one) => one.name === name))
    throw new CommandFault(
      `unable to find the ${name} container in the pod ${String((pod.metadata as JsonObject).name)}`,
    );
  const merged = containers.map((one) =>
    one.name === name ? applyStrategicMerge(one, { ...custom, name }, mergeSchemaOf(type)) : one,
  );
  return { ...pod, spec: { ...spec, [list]: merged } };
}
