import type { Verb } from "../../define.ts";
import { CommandFault, failuresOf } from "../../faults.ts";
import { boolFlag, textFlag } from "../../flag-types.ts";
import { textIn } from "../../kubeconfig/define.ts";
import { editConfig } from "../../kubeconfig/edit.ts";
import { configNames } from "../../kubeconfig/names.ts";
import { tableText } from "../../printers/table.ts";

const flags = {
  "no-headers": boolFlag("Do not print headers."),
  output: textFlag("Output format. One of: (name).", { short: "o" }),
};

export const getContexts: Verb<typeof flags> = {
  path: ["config", "get-contexts"],
  usage: "config get-contexts [(-o|--output=)name)] [options]",
  short: "Describe one or many contexts",
  examples: ["kubectl config get-contexts", "kubectl config get-contexts staging"],
  flags,
  config: "none",
  check({ flags: { output } }) {
    if (output === "" || output === "name") return undefined;
    return `--output ${output} is not available in kubectl config get-contexts; resetting to default output format`;
  },
  *run(context, { flags: { "no-headers": noHeaders, output }, args }) {
    const { config } = editConfig(context);
    const names = args.length > 0 ? args : configNames(context, "contexts");
    const known = names.filter((name) => config.contexts.has(name));
    const unknown = names.filter((name) => !config.contexts.has(name));
    if (output === "name") for (const name of known) context.out.line(name);
    else {
      const rows = known.map((name) => {
        const entry = config.contexts.get(name);
        const mark = name === config.currentContext ? "*" : "";
        return [mark, name, textIn(entry, "cluster"), textIn(entry, "user"), textIn(entry, "namespace")];
      });
      const headers = noHeaders ? [] : [["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"]];
      context.out.write(tableText([...headers, ...rows]));
    }
    const failure = failuresOf(unknown.map((name) => new CommandFault(`context ${name} not found`)));
    if (failure) throw failure;
  },
};
