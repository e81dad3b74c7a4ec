import { configName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, HelpFault } from "../../faults.ts";
import { editConfig, writeCurrentContext } from "../../kubeconfig/edit.ts";

export const useContext: Verb = {
  path: ["config", "use-context"],
  aliases: ["use"],
  usage: "config use-context CONTEXT_NAME [options]",
  short: "Set the current-context in a kubeconfig file",
  config: "none",
  examples: ["kubectl config use-context staging"],
  complete: configName("contexts"),
  check: ({ args }) => (args.length === 1 ? undefined : new HelpFault(`Unexpected args: [${args.join(" ")}]`)),
  *run(context, { args: [name = ""] }) {
    const editing = editConfig(context);
    if (name === "") throw new CommandFault("empty context names are not allowed");
    if (!editing.config.contexts.has(name)) throw new CommandFault(`no context exists with the name: "${name}"`);
    writeCurrentContext(context, editing, name);
    context.out.line(`Switched to context "${name}".`);
  },
};
