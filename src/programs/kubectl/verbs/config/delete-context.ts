import { configName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, HelpFault } from "../../faults.ts";
import { editConfig, reportedFile, writeEntry } from "../../kubeconfig/edit.ts";

export const deleteContext: Verb = {
  path: ["config", "delete-context"],
  usage: "config delete-context NAME [options]",
  short: "Delete the specified context from the kubeconfig",
  config: "none",
  examples: ["kubectl config delete-context staging"],
  complete: configName("contexts"),
  check: ({ args }) => (args.length === 1 ? undefined : new HelpFault()),
  *run(context, { args: [name = ""] }) {
    const editing = editConfig(context);
    const file = reportedFile(editing);
    if (!editing.config.contexts.has(name)) throw new CommandFault(`cannot delete context ${name}, not in ${file}`);
    if (editing.config.currentContext === name)
      context.err.line(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one',
      );
    writeEntry(context, editing, "contexts", name, undefined);
    context.out.line(`deleted context ${name} from ${file}`);
  },
};
