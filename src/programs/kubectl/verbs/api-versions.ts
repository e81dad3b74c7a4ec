import { compareText } from "../../../base/json.ts";
import type { Verb } from "../define.ts";
import { CommandFault, Unanswered, UsageFault } from "../faults.ts";
import { groupVersion } from "../resource.ts";

/** The group-versions that the server has. */
export const apiVersions: Verb = {
  path: ["api-versions"],
  usage: "api-versions [options]",
  short: 'Print the supported API versions on the server, in the form of "group/version"',
  examples: ["kubectl api-versions"],
  config: "whole",
  check: ({ args }) => (args.length === 0 ? undefined : new UsageFault(`unexpected arguments: [${args.join(" ")}]`)),
  *run(context) {
    try {
      const { resources } = yield* context.mapper();
      for (const version of [...new Set(resources.map(groupVersion))].sort(compareText)) context.out.line(version);
    } catch (fault) {
      if (!(fault instanceof Unanswered)) throw fault;
      throw new CommandFault(`couldn't get available api versions from server: ${fault.whole}`);
    }
  },
};
