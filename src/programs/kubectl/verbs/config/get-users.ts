import type { Verb } from "../../define.ts";
import { configNames } from "../../kubeconfig/names.ts";

export const getUsers: Verb = {
  path: ["config", "get-users"],
  usage: "config get-users [flags] [options]",
  short: "Display users defined in the kubeconfig",
  config: "none",
  examples: ["kubectl config get-users"],
  *run(context) {
    for (const line of ["NAME", ...configNames(context, "users")]) context.out.line(line);
  },
};
