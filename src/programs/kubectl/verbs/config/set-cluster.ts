import type { Verb } from "../../define.ts";
import { HelpFault } from "../../faults.ts";
import { boolFlag, textFlag } from "../../flag-types.ts";
import { changedFields, editConfig, fileForEntry, writeEntry } from "../../kubeconfig/edit.ts";

const flags = {
  "certificate-authority": textFlag("File with the authority's certificate."),
  "embed-certs": boolFlag("Write the certificate itself into the kubeconfig."),
  "insecure-skip-tls-verify": boolFlag("Do not check the server's certificate."),
  "proxy-url": textFlag("The proxy on the way to the server."),
  server: textFlag("The server of the cluster."),
  "tls-server-name": textFlag("The name to look for in the server's certificate."),
};

export const setCluster: Verb<typeof flags> = {
  path: ["config", "set-cluster"],
  usage:
    "config set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com] [options]",
  short: "Set a cluster entry in kubeconfig",
  long: "Set a cluster entry in kubeconfig. What is not named stays as it is.",
  examples: [
    "kubectl config set-cluster staging --server=https://1.2.3.4:6443",
    "kubectl config set-cluster staging --certificate-authority=ca.crt --embed-certs",
  ],
  flags,
  config: "none",
  check({ flags: values, given, args }) {
    if (args.length !== 1) return new HelpFault(`Unexpected args: [${args.join(" ")}]`);
    if (values["insecure-skip-tls-verify"] && values["certificate-authority"] !== "")
      return "you cannot specify a certificate authority and insecure mode at the same time";
    if (values["embed-certs"] && values["certificate-authority"] === "" && given.has("embed-certs"))
      return "you must specify a --certificate-authority to embed";
    return undefined;
  },
  *run(context, { flags: values, given, args: [name = ""] }) {
    const editing = editConfig(context);
    const changes: Record<string, string | boolean | undefined> = {};
    for (const field of ["server", "tls-server-name", "proxy-url"] as const)
      if (given.has(field)) changes[field] = field === "server" ? values.server : values[field];
    const insecure = values["insecure-skip-tls-verify"];
    if (given.has("insecure-skip-tls-verify")) {
      changes["insecure-skip-tls-verify"] = insecure;
      if (insecure) changes["certificate-authority"] = changes["certificate-authority-data"] = undefined;
    }
    const path = values["certificate-authority"];
    if (path !== "") {
      const text = fileForEntry(context, path, "certificate-authority", values["embed-certs"]);
      changes["certificate-authority"] = values["embed-certs"] ? undefined : text;
      changes["certificate-authority-data"] = values["embed-certs"] ? text : undefined;
      changes["insecure-skip-tls-verify"] = false;
    }
    writeEntry(context, editing, "clusters", name, changedFields(editing.config.clusters.get(name), changes));
    context.out.line(`Cluster "${name}" set.`);
  },
};
