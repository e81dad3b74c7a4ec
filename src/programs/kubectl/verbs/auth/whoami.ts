import type { JsonObject } from "../../../../base/json.ts";
import { compareText } from "../../../../base/json.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { printFlags, printOptions } from "../../flag-groups.ts";
import { objectPrinter } from "../../printers/object-printer.ts";
import { tableText } from "../../printers/table.ts";

const flags = { ...printFlags() };

interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export const whoami: Verb<typeof flags> = {
  path: ["auth", "whoami"],
  usage: "auth whoami [options]",
  short: "Experimental: Check self subject attributes",
  long: "Check who you are to the server: name, groups, and further attributes.",
  examples: ["kubectl auth whoami", "kubectl auth whoami -o yaml"],
  flags,
  config: "whole",
  *run(context, { flags: asked }) {
    const printer = asked.output !== "" || asked.template ? objectPrinter(context, printOptions(asked)) : undefined;
    const body = {
      kind: "SelfSubjectReview",
      apiVersion: "authentication.k8s.io/v1",
      metadata: {},
      status: { userInfo: {} },
    };
    const review = yield* answered(context, body);
    if (printer) printer.print(shownReview(review), true);
    else context.out.write(tableText([["ATTRIBUTE", "VALUE"], ...rowsOf(review)]));
  },
};

/** Who may not ask is told so in other words (kubectl pkg/cmd/auth/whoami.go, 1.33). */
function* answered(context: Context, body: JsonObject): Task<JsonObject> {
  try {
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    return yield* context.client.object({ method: "POST", path, body, contentType: "application/json" });
  } catch (error) {
    if (!(error instanceof Status && error.reason === "Forbidden")) throw error;
    throw new CommandFault(
      "the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it",
    );
  }
}

/** As its Go type prints it. */
function shownReview({ kind, apiVersion, status }: JsonObject): JsonObject {
  const { username, uid, groups, extra } = ((status as JsonObject | undefined)?.userInfo ?? {}) as JsonObject;
  const userInfo = { username, uid, groups, extra };
  return { kind, apiVersion, metadata: { creationTimestamp: null }, status: { userInfo } };
}

function rowsOf({ status }: JsonObject): string[][] {
  const { username, uid, groups, extra } = ((status as JsonObject | undefined)?.userInfo ?? {}) as UserInfo;
  const rows: string[][] = [];
  if (username) rows.push(["Username", username]);
  if (uid) rows.push(["UID", uid]);
  if (groups?.length) rows.push(["Groups", `[${groups.join(" ")}]`]);
  for (const key of Object.keys(extra ?? {}).sort(compareText))
    rows.push([`Extra: ${key}`, `[${(extra?.[key] ?? []).join(" ")}]`]);
  return rows;
}
