import type { JsonObject } from "../../../../base/json.ts";
import { compareText } from "../../../../base/json.ts";
import type { Verb } from "../../define.ts";
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
  *run(context, { flags: asked }) {
    const printer = asked.output !== "" || asked.template ? objectPrinter(context, printOptions(asked)) : undefined;
    const body = {
      kind: "SelfSubjectReview",
      apiVersion: "authentication.k8s.io/v1",
      metadata: {},
      status: { userInfo: {} },
    };
    const review = yield* context.client.object({
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body,
      contentType: "application/json",
    });
    if (printer) printer.print(shownReview(review), true);
    else context.out.write(tableText([["ATTRIBUTE", "VALUE"], ...rowsOf(review)]));
  },
};

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
