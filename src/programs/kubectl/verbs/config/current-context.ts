import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { editConfig } from "../../kubeconfig/edit.ts";

export const currentContext: Verb = {
  path: ["config", "current-context"],
  usage: "config current-context [flags] [options]",
  short: "Display the current-context",
  config: "none",
  examples: ["kubectl config current-context"],
  *run(context) {
    const { config } = editConfig(context);
    if (config.currentContext === "") throw new CommandFault("current-context is not set");
    context.out.line(config.currentContext);
  },
};
