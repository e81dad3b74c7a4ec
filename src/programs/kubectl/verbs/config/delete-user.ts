import { configName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, UsageFault } from "../../faults.ts";
import { editConfig, reportedFile, writeEntry } from "../../kubeconfig/edit.ts";

export const deleteUser: Verb = {
  path: ["config", "delete-user"],
  usage: "config delete-user NAME [options]",
  short: "Delete the specified user from the kubeconfig",
  config: "none",
  examples: ["kubectl config delete-user bot"],
  complete: configName("users"),
  check: ({ args }) => (args.length === 1 ? undefined : new UsageFault("user to delete is required")),
  *run(context, { args: [name = ""] }) {
    const editing = editConfig(context);
    const file = reportedFile(editing);
    if (!editing.config.users.has(name)) throw new CommandFault(`cannot delete user ${name}, not in ${file}`);
    writeEntry(context, editing, "users", name, undefined);
    context.out.line(`deleted user ${name} from ${file}`);
  },
};
