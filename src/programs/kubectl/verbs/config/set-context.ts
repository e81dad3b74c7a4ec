import { configName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, HelpFault } from "../../faults.ts";
import { boolFlag, textFlag } from "../../flag-types.ts";
import { changedFields, editConfig, writeEntry } from "../../kubeconfig/edit.ts";

const flags = {
  cluster: textFlag("The cluster of the context."),
  current: boolFlag("Change the current context."),
  namespace: textFlag("The namespace of the context."),
  user: textFlag("The user of the context."),
};

export const setContext: Verb<typeof flags> = {
  path: ["config", "set-context"],
  usage:
    "config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace] [options]",
  short: "Set a context entry in kubeconfig",
  long: "Set a context entry in kubeconfig. What is not named stays as it is.",
  examples: ["kubectl config set-context --current --namespace=dev", "kubectl config set-context staging --user=bot"],
  flags,
  config: "none",
  complete: configName("contexts"),
  check({ flags: { current }, args }) {
    if (args.length > 1) return new HelpFault(`Unexpected args: [${args.join(" ")}]`);
    if (args.length === 1 && current) return "you cannot specify both a context name and --current";
    if (args.length === 0 && !current) return "you must specify a non-empty context name or --current";
    return undefined;
  },
  *run(context, { flags: values, given, args }) {
    const editing = editConfig(context);
    const name = args[0] ?? editing.config.currentContext;
    if (name === "") throw new CommandFault("no current context is set");
    const before = editing.config.contexts.get(name);
    const changes = (["cluster", "user", "namespace"] as const).filter((field) => given.has(field));
    const fields = changedFields(before, Object.fromEntries(changes.map((field) => [field, values[field]])));
    writeEntry(context, editing, "contexts", name, fields);
    context.out.line(`Context "${name}" ${before ? "modified" : "created"}.`);
  },
};
