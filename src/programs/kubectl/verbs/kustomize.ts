import type { Verb } from "../define.ts";
import { boolFlag, listFlag, textFlag } from "../flag-types.ts";
import { resourcesYaml } from "../kustomize/build.ts";
import { kustomized, writeResources } from "../kustomized-files.ts";

const restrictions = ["LoadRestrictionsRootOnly", "LoadRestrictionsNone"];

const flags = {
  "as-current-user": boolFlag("Run functions in containers as who calls (functions are not simulated)."),
  "enable-alpha-plugins": boolFlag("Let kustomizations run plugins (not simulated)."),
  "enable-helm": boolFlag("Let kustomizations inflate Helm charts (not simulated)."),
  env: listFlag("An environment variable for functions (not simulated).", { short: "e" }),
  "helm-api-versions": listFlag("API versions that charts may ask for (not simulated)."),
  "helm-command": textFlag("The helm program (not simulated).", { initial: "helm" }),
  "helm-debug": boolFlag("Let helm tell what it does (not simulated)."),
  "helm-kube-version": textFlag("The Kubernetes version that charts may ask for (not simulated)."),
  "load-restrictor": textFlag("LoadRestrictionsNone lets kustomizations load files from outside their folders.", {
    initial: "LoadRestrictionsRootOnly",
  }),
  mount: listFlag("A mount for functions (not simulated)."),
  network: boolFlag("Give functions the network (not simulated)."),
  "network-name": textFlag("The network of functions (not simulated).", { initial: "bridge" }),
  output: textFlag("A file to write to, or a folder that takes one file for each resource.", { short: "o" }),
  reorder: textFlag("legacy sorts the resources by kind, none leaves them as they come.", {
    initial: "legacy",
    hidden: true,
    deprecated: "use the new 'sortOptions' field in kustomization.yaml instead.",
  }),
  "enable-managedby-label": boolFlag("Label all resources with app.kubernetes.io/managed-by.", {
    hidden: true,
    deprecated:
      "The flag `enable-managedby-label` has been deprecated. Use the `managedByLabel` option in the `buildMetadata` field instead.",
  }),
};

/** Builds manifests from a kustomization. */
export const kustomize: Verb<typeof flags> = {
  path: ["kustomize"],
  usage: "kustomize DIR [flags]",
  short: "Build a kustomization target from a directory or URL",
  long: "Build a set of KRM resources using a 'kustomization.yaml' file. The DIR argument must be a path to a directory containing 'kustomization.yaml', or a git repository URL with a path suffix specifying same with respect to the repository root. If DIR is omitted, '.' is assumed.\n\nRemote targets, Helm charts and plugins of your own are not simulated.",
  examples: ["kubectl kustomize", "kubectl kustomize ./overlays/production", "kubectl kustomize base -o base.yaml"],
  flags,
  config: "none",
  check({ args, flags: values }) {
    const { "load-restrictor": restrictor, reorder } = values;
    if (args.length > 1) return "specify one path to kustomization.yaml";
    if (restrictor !== "" && !restrictions.includes(restrictor))
      return `illegal flag value --load-restrictor ${restrictor}; legal values: [${restrictions.join(" ")}]`;
    if (reorder !== "legacy" && reorder !== "none")
      return `illegal flag value --reorder ${reorder}; legal values: [legacy none]`;
    return undefined;
  },
  *run(context, { args: [path = "."], flags: values, given }) {
    const resources = kustomized(context, path, {
      unrestricted: values["load-restrictor"] === "LoadRestrictionsNone",
      helm: values["enable-helm"],
      managed: values["enable-managedby-label"],
      ...(given.has("reorder") ? { sorted: values.reorder === "legacy" } : {}),
    });
    if (values.output === "") context.out.write(resourcesYaml(resources));
    else writeResources(context, values.output, resources);
  },
};
