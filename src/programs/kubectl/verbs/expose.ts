import type { Json, JsonObject } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { labelSelectorFields } from "../../../base/parse-selector.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Task } from "../../../machine/define.ts";
import { typeAndName } from "../completers.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import { dryRunOf, dryRunQuery } from "../dry-run.ts";
import { CommandFault } from "../faults.ts";
import { eachFound, findObjects } from "../find-objects.ts";
import { type DryRun, dryRunFlag, fieldManagerFlag, fileFlags, printFlags, printOptions } from "../flag-groups.ts";
import { textFlag } from "../flag-types.ts";
import { generatedResource, saveConfigFlag } from "../generator.ts";
import { kindOf } from "../kind-of.ts";
import { withLastApplied } from "../last-applied.ts";
import { portsOf } from "../object-ports.ts";
import { overridden } from "../overrides.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import { recorded, recordFlag } from "../record.ts";
import type { Found } from "../selection.ts";
import { typedObject } from "../typed-object.ts";

const flags = {
  ...fileFlags("that name what is to be exposed"),
  ...printFlags(),
  "cluster-ip": textFlag("The cluster IP to take; None for a headless service."),
  "dry-run": dryRunFlag,
  "external-ip": textFlag("A further address that leads to the service."),
  "field-manager": fieldManagerFlag("kubectl-expose"),
  labels: textFlag("The labels of the service.", { short: "l" }),
  "load-balancer-ip": textFlag("The address of the load balancer."),
  name: textFlag("The name of the service."),
  overrides: textFlag("JSON that is merged into the service."),
  "override-type": textFlag("How --overrides is merged: json, merge or strategic.", { initial: "merge" }),
  port: textFlag("The port of the service."),
  record: recordFlag,
  protocol: textFlag("The protocol; TCP where nothing is said."),
  "save-config": saveConfigFlag,
  selector: textFlag("The labels that the service selects."),
  "session-affinity": textFlag("None or ClientIP."),
  "target-port": textFlag("The port of the pods, by number or name."),
  type: textFlag("ClusterIP, NodePort, LoadBalancer or ExternalName.", {}),
};
type Values = FlagValues<typeof flags>;

/** Makes a Service for what runs already. */
export const expose: Verb<typeof flags> = {
  path: ["expose"],
  usage:
    "expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]",
  short: "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service",
  examples: [
    "kubectl expose deployment nginx --port=80 --target-port=8000",
    "kubectl expose service nginx --port=443 --target-port=8443 --name=nginx-https",
    "kubectl expose pod valid-pod --port=444 --name=frontend",
  ],
  flags,
  config: "whole",
  complete: typeAndName({ types: ["pod", "service", "replicationcontroller", "deployment", "replicaset"] }),
  *run(context, { args, flags: values }) {
    const { filename: filenames, kustomize, recursive } = values;
    const dryRun = dryRunOf(context, values["dry-run"]);
    const printer = resultPrinter(context, { ...printOptions(values), operation: "exposed", dryRun });
    const finding = yield* findObjects(context, { args, filenames, kustomize, recursive });
    yield* eachFound(finding, function* (found) {
      const object = yield* exposed(context, found, values, dryRun);
      printer.print(typedObject(object), true);
    });
  },
};

function* exposed(context: Context, found: Found, values: Values, dryRun: DryRun): Task<JsonObject> {
  if (!kindOf(found.resource)?.portsOf) throw new CommandFault(`cannot expose a ${qualifiedKind(found)}`);
  const service = serviceFor(found, values);
  let made = typedObject(recorded(context, values.record, overridden(service, values)));
  if (dryRun === "client") return made;
  if (values["save-config"]) made = typedObject(withLastApplied(made, true));
  const { namespace } = found;
  const query = { fieldManager: values["field-manager"], ...dryRunQuery(dryRun) };
  const target = generatedResource({ object: made, plural: "services" });
  return yield* context.client.create(target, namespace ?? context.namespace, made, query);
}

function qualifiedKind({ resource: { kind, group } }: Found): string {
  return group === "" ? kind : `${kind}.${group}`;
}

function serviceFor(found: Found, values: Values): JsonObject {
  const affinity = values["session-affinity"];
  if (!["", "None", "ClientIP"].includes(affinity)) throw new CommandFault(`unknown session affinity: ${affinity}`);
  const ports = portsFor(found, values);
  const name = values.name || found.name.slice(0, 63);
  const labels = values.labels === "" ? labelsOf(found.object) : pairs(values.labels);
  const clusterIP = values["cluster-ip"];
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels },
    spec: {
      ports,
      selector: selectorFor(found, values),
      clusterIP,
      type: values.type,
      ...(values["external-ip"] === "" ? {} : { externalIPs: [values["external-ip"]] }),
      sessionAffinity: affinity,
      ...(values.type === "LoadBalancer" ? { loadBalancerIP: values["load-balancer-ip"] } : {}),
    },
  };
}

function labelsOf(object: JsonObject): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  return isObject(metadata.labels) ? metadata.labels : {};
}

function pairs(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const part of text.split(",")) {
    const [key = "", value, ...rest] = part.split("=");
    if (value === undefined || rest.length > 0 || key === "") throw new CommandFault(`unexpected label spec: ${part}`);
    found[key] = value;
  }
  return found;
}

/** The labels of its pods; of what selects by more than labels there is no Service. */
function selectorFor(found: Found, { selector }: Values): JsonObject {
  if (selector !== "") return pairs(selector);
  const kind = kindOf(found.resource);
  // A pod alone is selected by its own labels.
  if (kind?.templateAt === "") {
    const labels = labelsOf(found.object);
    if (Object.keys(labels).length === 0)
      throw new CommandFault(
        "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
      );
    return labels;
  }
  const text = kind?.podsOf?.(found.object as unknown as KubeObject) ?? "";
  const spec = isObject(found.object.spec) ? found.object.spec : {};
  const own = isObject(spec.selector) ? spec.selector : {};
  if (isObject(own.matchLabels) || own.matchExpressions !== undefined) {
    if (own.matchExpressions !== undefined && (own.matchExpressions as readonly Json[]).length > 0)
      throw new CommandFault(
        "couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - \"" +
          `${JSON.stringify(own.matchExpressions)}" to map-based selector format`,
      );
    return (own.matchLabels ?? {}) as JsonObject;
  }
  if (text === "")
    throw new CommandFault(
      "couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set",
    );
  return (labelSelectorFields(text).matchLabels ?? {}) as JsonObject;
}

/** The ports given, or those the containers name; each with its protocol (expose.go createService, 1.33). */
function portsFor(found: Found, values: Values): readonly JsonObject[] {
  const own = portsOf(found);
  const given = values.port === "" ? own.map(({ port }) => String(port)) : values.port.split(",");
  if (given.length === 0) throw new CommandFault("couldn't find port via --port flag or introspection");
  const several = given.length > 1;
  return given.map((text, i) => {
    const port = Number(text);
    if (!/^\d+$/.test(text)) throw new CommandFault(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
    const protocol = values.protocol || own.find((one) => one.port === port)?.protocol || "TCP";
    const target = values["target-port"];
    return {
      ...(several ? { name: `port-${i + 1}` } : {}),
      protocol,
      port,
      targetPort: target === "" ? port : /^\d+$/.test(target) ? Number(target) : target,
    };
  });
}
