import type { JsonObject } from "../../../../base/json.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Context } from "../../context.ts";
import type { Verb } from "../../define.ts";

/** Where the control plane and the cluster's own services are. */
export const clusterInfo: Verb = {
  path: ["cluster-info"],
  usage: "cluster-info [flags] [options]",
  short: "Display cluster information",
  config: "whole",
  long: "Display the addresses of the control plane and of services with the label kubernetes.io/cluster-service=true.",
  examples: ["kubectl cluster-info"],
  *run(context) {
    const { server } = context.config;
    const hint = "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.";
    try {
      const mapper = yield* context.mapper(5);
      const services = yield* context.client.list({
        resource: mapper.resourceFor("services"),
        namespace: "kube-system",
        labelSelector: "kubernetes.io/cluster-service=true",
      });
      say(context, "Kubernetes control plane", server.url);
      for (const service of (services.items ?? []) as readonly JsonObject[])
        say(context, nameOf(service), linkOf(server.url, service));
    } finally {
      context.out.line(hint);
    }
  },
};

/** Coloured where the terminal has colours. */
function say({ out, proc }: Context, what: string, where: string): void {
  const colour = (code: number, text: string) => (hasColours(proc) ? `\u001b[0;${code}m${text}\u001b[0m` : text);
  out.line(`${colour(32, what)} is running at ${colour(33, where)}`);
}

function hasColours(proc: Process): boolean {
  return proc.isTerminal(1) && proc.env.get("TERM") !== "dumb";
}

function nameOf({ metadata }: JsonObject): string {
  const { name, labels } = metadata as { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  return labels?.["kubernetes.io/name"] ?? name;
}

/** The way to a service through the API server's proxy: its first port's name, if it has one. */
function linkOf(server: string, { metadata, spec }: JsonObject): string {
  const { name, namespace } = metadata as { readonly name: string; readonly namespace: string };
  const [port] =
    (spec as { readonly ports?: readonly { readonly name?: string; readonly port?: number }[] }).ports ?? [];
  const scheme = port?.name === "https" || port?.port === 443 ? "https:" : "";
  const suffix = scheme !== "" || port?.name ? `:${port?.name ?? ""}` : "";
  return `${server}/api/v1/namespaces/${namespace}/services/${scheme}${name}${suffix}/proxy`;
}
