import type { Json, JsonObject } from "../../../base/json.ts";
import { isList, isObject } from "../../../base/json-object.ts";
import { Status } from "../../../kinds/status.ts";
import type { Context } from "../context.ts";
import type { Verb } from "../define.ts";
import { CommandFault } from "../faults.ts";
import { findObjects } from "../find-objects.ts";

/** Where the control plane and the cluster's own services are. */
export const clusterInfo: Verb = {
  path: ["cluster-info"],
  usage: "cluster-info [flags] [options]",
  short: "Display cluster information",
  long: "Display the addresses of the control plane and of services with the label kubernetes.io/cluster-service=true.",
  examples: ["kubectl cluster-info"],
  check: ({ args }) => (args[0] === "dump" ? "cluster-info dump is not simulated" : undefined),
  *run(context) {
    const hint = "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.";
    try {
      const { server } = context.config;
      yield* context.mapper(5);
      say(context, "Kubernetes control plane", server.url);
      const finding = yield* findObjects(
        inNamespace(context, "kube-system"),
        { args: ["services"], labelSelector: "kubernetes.io/cluster-service=true" },
      );
      if (finding.failure && !(finding.failure instanceof Status && finding.failure.reason === "NotFound"))
        throw finding.failure;
      for (const { object } of finding.found) say(context, nameOf(object), linkOf(server.url, object));
    } catch (fault) {
      if (!(fault instanceof CommandFault)) context.out.line(hint);
      throw fault;
    }
    context.out.line(hint);
  },
};
