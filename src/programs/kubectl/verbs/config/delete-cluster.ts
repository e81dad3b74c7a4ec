import { configName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, HelpFault } from "../../faults.ts";
import { editConfig, reportedFile, writeEntry } from "../../kubeconfig/edit.ts";

export const deleteCluster: Verb = {
  path: ["config", "delete-cluster"],
  usage: "config delete-cluster NAME [options]",
  short: "Delete the specified cluster from the kubeconfig",
  config: "none",
  examples: ["kubectl config delete-cluster staging"],
  complete: configName("clusters"),
  check: ({ args }) => (args.length === 1 ? undefined : new HelpFault()),
  *run(context, { args: [name = ""] }) {
    const editing = editConfig(context);
    const file = reportedFile(editing);
    if (!editing.config.clusters.has(name)) throw new CommandFault(`cannot delete cluster ${name}, not in ${file}`);
    writeEntry(context, editing, "clusters", name, undefined);
    context.out.line(`deleted cluster ${name} from ${file}`);
  },
};
