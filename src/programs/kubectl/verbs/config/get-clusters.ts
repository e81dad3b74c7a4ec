import type { Verb } from "../../define.ts";
import { configNames } from "../../kubeconfig/names.ts";

export const getClusters: Verb = {
  path: ["config", "get-clusters"],
  usage: "config get-clusters [flags] [options]",
  short: "Display clusters defined in the kubeconfig",
  config: "none",
  examples: ["kubectl config get-clusters"],
  *run(context) {
    for (const line of ["NAME", ...configNames(context, "clusters")]) context.out.line(line);
  },
};
