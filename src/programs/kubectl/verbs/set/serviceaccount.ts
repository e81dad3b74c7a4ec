import type { Verb } from "../../define.ts";
import { withPodSpec } from "../../pod-template.ts";
import { recordFlag } from "../../record.ts";
import { setFlags, setObjects, setTargets } from "../../set-objects.ts";

const { selector: _, ...some } = setFlags;
const flags = { ...some, record: recordFlag };

/** Changes the service account of pod templates. */
export const serviceaccount: Verb<typeof flags> = {
  path: ["set", "serviceaccount"],
  aliases: ["sa"],
  usage: "set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
  short: "Update the service account of a resource",
  examples: ["kubectl set serviceaccount deployment nginx-deployment serviceaccount1"],
  flags,
  check: ({ args }) => (args.length === 0 ? "serviceaccount is required" : undefined),
  *run(context, { args, flags: given }) {
    const values = { ...given, selector: "" };
    const serviceAccountName = args.at(-1) ?? "";
    const { found } = yield* setTargets(context, values.local ? [] : args.slice(0, -1), values);
    yield* setObjects(context, found, values, {
      operation: "serviceaccount updated",
      failed: "failed to patch ServiceAccountName ",
      reportsUnchanged: true,
      change: (one) => withPodSpec(one, values.local, (spec) => ({ ...spec, serviceAccountName })),
    });
  },
};
