import { SECOND } from "../../../../base/clock.ts";
import type { JsonObject } from "../../../../base/json.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import type { Input, Verb } from "../../define.ts";
import { deletionFlags } from "../../delete-objects.ts";
import { dryRunOf, dryRunQuery } from "../../dry-run.ts";
import { CommandFault, UsageFault } from "../../faults.ts";
import { type DryRun, dryRunFlag, fieldManagerFlag, fileFlags, printFlags, printOptions } from "../../flag-groups.ts";
import { boolFlag, durationFlag, listFlag, textFlag } from "../../flag-types.ts";
import { generatedResource, saveConfigFlag } from "../../generator.ts";
import { isImageName } from "../../image-form.ts";
import { withLastApplied } from "../../last-applied.ts";
import { overridden } from "../../overrides.ts";
import { resultPrinter } from "../../printers/result-printer.ts";
import { typedObject } from "../../typed-object.ts";
import { podOf, serviceOf } from "./objects.ts";
import { attachAndWait, removeAll } from "./session.ts";

export const flags = {
  ...fileFlags("that name what is to be replaced"),
  ...deletionFlags(false),
  ...printFlags(),
  annotations: listFlag("An annotation of the pod, as key=value."),
  attach: boolFlag("Wait until the pod runs, then attach to it; the default with -i."),
  command: boolFlag("What stands behind -- is the container's command, not its arguments."),
  "dry-run": dryRunFlag,
  env: listFlag("An environment variable, as NAME=value."),
  expose: boolFlag("Make a service for the pod, too; needs --port."),
  "field-manager": fieldManagerFlag("kubectl-run"),
  image: textFlag("The image of the container."),
  "image-pull-policy": textFlag("Always, IfNotPresent or Never."),
  labels: textFlag("The labels of the pod, with commas between them.", { short: "l" }),
  "leave-stdin-open": boolFlag("Keep stdin open when the first attach ends."),
  "override-type": textFlag("How --overrides is merged: json, merge or strategic.", { initial: "merge" }),
  overrides: textFlag("JSON that is merged into the pod."),
  "pod-running-timeout": durationFlag("How long to wait for the pod to run.", { initial: 60 * SECOND }),
  port: textFlag("The port that the container exposes."),
  privileged: boolFlag("Run the container privileged."),
  quiet: boolFlag("Only the output of the session.", { short: "q" }),
  restart: textFlag("Always, OnFailure or Never.", { initial: "Always" }),
  rm: boolFlag("Delete the pod when the session ends."),
  "save-config": saveConfigFlag,
  stdin: boolFlag("Keep the container's stdin open.", { short: "i" }),
  tty: boolFlag("Give the container a terminal.", { short: "t" }),
};

const cascades = ["background", "foreground", "orphan", "true", "false"];

/** Runs an image in a pod. */
export const run: Verb<typeof flags> = {
  path: ["run"],
  usage:
    'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  short: "Run a particular image on the cluster",
  examples: [
    "kubectl run nginx --image=nginx",
    "kubectl run hazelcast --image=hazelcast/hazelcast --port=5701",
    "kubectl run nginx --image=nginx --dry-run=client -o yaml",
    "kubectl run -i -t busybox --image=busybox --restart=Never",
    "kubectl run nginx --image=nginx --command -- <cmd> <arg1> ... <argN>",
  ],
  flags,
  config: "whole",
  required: ["image"],
  *run(context, input) {
    const wrong = problemOf(input);
    if (wrong) throw wrong;
    const { args, flags: values, given } = input;
    const [name = "", ...words] = args;
    const dryRun = dryRunOf(context, values["dry-run"]);
    const attaching = given.has("attach") ? values.attach : values.stdin;
    const printer = resultPrinter(context, { ...printOptions(values), operation: "created", dryRun });
    const wanted = overridden(podOf(context, name, words, values, attaching), values);
    const how = { ...values, dryRun };
    const pod = yield* made(context, typedObject(wanted), "pods", how);
    const all: JsonObject[] = [pod];
    if (values.expose) {
      const service = yield* made(context, typedObject(serviceOf(context, name, values)), "services", how);
      all.push(service);
      printer.print(service, true);
      if (values.output === "yaml") context.out.line("---");
    }
    if (!attaching) {
      printer.print(pod, true);
      return undefined;
    }
    try {
      return yield* attachAndWait(context, pod, values);
    } finally {
      if (values.rm) yield* removeAll(context, all, values);
    }
  },
};

/** What is wrong with the words; the kubeconfig's faults come first (run.go, 1.33). */
function problemOf({ args, given, flags: values }: Input<typeof flags>): Error | undefined {
  const { image, tty, stdin, port, restart, rm } = values;
  const attaching = given.has("attach") ? values.attach : stdin;
  if (!cascades.includes(values.cascade))
    return new CommandFault(
      `invalid cascade value (${values.cascade}). Must be "background", "foreground", or "orphan"`,
    );
  if (args.length === 0) return new UsageFault("NAME is required for run");
  if (image === "") return new CommandFault("--image is required");
  if (!isImageName(image))
    return new CommandFault(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
  if (tty && !stdin) return new UsageFault("-i/--stdin is required for containers with -t/--tty=true");
  if (values.expose && port === "") return new UsageFault("--port must be set when exposing a service");
  if (!["", "Always", "OnFailure", "Never"].includes(restart))
    return new UsageFault(`invalid restart policy: ${restart}`);
  if (rm && !attaching) return new UsageFault("--rm should only be used for attached containers");
  if (attaching && values["dry-run"] !== "none")
    return new UsageFault(
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
  const policy = values["image-pull-policy"];
  return ["", "Always", "IfNotPresent", "Never"].includes(policy)
    ? undefined
    : new UsageFault(`invalid image pull policy: ${policy}`);
}

function* made(
  context: Context,
  object: JsonObject,
  plural: string,
  how: { readonly dryRun: DryRun; readonly "field-manager": string; readonly "save-config": boolean },
): Task<JsonObject> {
  const whole = how["save-config"] ? typedObject(withLastApplied(object, true)) : object;
  if (how.dryRun === "client") return whole;
  const query = { fieldManager: how["field-manager"], ...dryRunQuery(how.dryRun) };
  const resource = generatedResource({ object, plural });
  return typedObject(yield* context.client.create(resource, context.namespace, whole, query));
}
