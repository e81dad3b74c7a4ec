import { configName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, HelpFault } from "../../faults.ts";
import { editConfig, reportedFile, writeCurrentContext, writeEntry } from "../../kubeconfig/edit.ts";

export const renameContext: Verb = {
  path: ["config", "rename-context"],
  usage: "config rename-context CONTEXT_NAME NEW_NAME [options]",
  short: "Rename a context from the kubeconfig file",
  config: "none",
  long: "Renames a context of the kubeconfig file. Where it is the current one, current-context changes with it.",
  examples: ["kubectl config rename-context old-name new-name"],
  complete: configName("contexts"),
  check: ({ args }) => (args.length === 2 ? undefined : new HelpFault(`Unexpected args: [${args.join(" ")}]`)),
  *run(context, { args: [from = "", to = ""] }) {
    const editing = editConfig(context);
    const { contexts, currentContext } = editing.config;
    const entry = contexts.get(from);
    const file = reportedFile(editing);
    if (!entry) throw new CommandFault(`cannot rename the context "${from}", it's not in ${file}`);
    if (contexts.has(to))
      throw new CommandFault(`cannot rename the context "${from}", the context "${to}" already exists in ${file}`);
    writeEntry(context, editing, "contexts", to, entry.fields);
    writeEntry(context, editing, "contexts", from, undefined);
    if (currentContext === from) writeCurrentContext(context, editing, to);
    context.out.line(`Context "${from}" renamed to "${to}".`);
  },
};
