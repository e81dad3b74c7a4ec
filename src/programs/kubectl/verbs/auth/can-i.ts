import type { JsonObject } from "../../../../base/json.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import type { Input, Verb } from "../../define.ts";
import { isOrdinary } from "../../fault-text.ts";
import { CommandFault, Unanswered } from "../../faults.ts";
import { boolFlag, textFlag } from "../../flag-types.ts";
import type { Resource } from "../../resource.ts";
import { listAccess } from "./list-access.ts";

const flags = {
  "all-namespaces": boolFlag("Check the action in all namespaces.", { short: "A" }),
  list: boolFlag("Print all actions that are allowed."),
  "no-headers": boolFlag("Print allowed actions without headers."),
  quiet: boolFlag("Print nothing; the exit status says it.", { short: "q" }),
  subresource: textFlag("A subresource such as log or scale."),
};

type Asked = Input<typeof flags>;

/** What kubectl knows as verbs of resources and of URLs (auth/cani.go, 1.35). */
const resourceVerbs =
  "get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest".split(
    " ",
  );
const urlVerbs = "get put post head options delete patch *".split(" ");

const tooFew = `you must specify two arguments: verb resource or verb resource/resourceName.
See 'kubectl auth can-i -h' for help and examples.`;

export const canI: Verb<typeof flags> = {
  path: ["auth", "can-i"],
  usage: "auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL] [options]",
  short: "Check whether an action is allowed",
  long: "Check whether an action is allowed. The answer is yes or no; the exit status of no is 1.",
  examples: [
    "kubectl auth can-i create pods",
    "kubectl auth can-i list deployments.apps -n dev --as=system:serviceaccount:dev:bot",
    "kubectl auth can-i get pods --subresource=log",
    "kubectl auth can-i get /healthz",
    "kubectl auth can-i --list",
  ],
  flags,
  config: "whole",
  check({ flags: asked, args }) {
    if (asked.list) {
      if (args.length > 0) return new CommandFault("list option must be specified with no arguments");
      if (asked.quiet || asked["all-namespaces"] || asked.subresource !== "")
        return "list option can't be specified with neither quiet, all-namespaces nor subresource options";
      return undefined;
    }
    if (args.length !== 2) return new CommandFault(tooFew);
    if (args[1]?.startsWith("/") && asked.subresource !== "")
      return "--subresource can not be used with NonResourceURL";
    if (asked["no-headers"]) return "--no-headers cannot be set without --list specified";
    return undefined;
  },
  *run(context, input) {
    const namespace = input.flags["all-namespaces"] ? "" : context.namespace;
    if (input.flags.list) return yield* listAccess(context, namespace, input.flags["no-headers"]);
    const spec = yield* attributesOf(context, input, namespace);
    const review = yield* context.client.object({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      body: { kind: "SelfSubjectAccessReview", apiVersion: "authorization.k8s.io/v1", metadata: {}, spec, status: {} },
      contentType: "application/json",
    });
    const { allowed, reason, evaluationError } = (review.status ?? {}) as {
      readonly allowed?: boolean;
      readonly reason?: string;
      readonly evaluationError?: string;
    };
    const why = [reason, evaluationError].filter(Boolean).map((text) => ` - ${text}`);
    if (!input.flags.quiet) context.out.line(allowed ? "yes" : `no${why.join("")}`);
    return allowed ? 0 : 1;
  },
};

function* attributesOf(context: Context, { flags: asked, args }: Asked, namespace: string): Task<JsonObject> {
  const [verb = "", what = ""] = args;
  if (what.startsWith("/")) {
    if (!urlVerbs.includes(verb)) warn(context, `verb '${verb}' is not a known verb`);
    return { nonResourceAttributes: { path: what, verb } };
  }
  const slash = what.indexOf("/");
  const [type, name] = slash < 0 ? [what, ""] : [what.slice(0, slash), what.slice(slash + 1)];
  const { group, plural, found, version } = yield* resourceNamed(context, type);
  if (found && !found.namespaced && !asked["all-namespaces"])
    warn(context, `resource '${plural}' is not namespace scoped${group === "" ? "" : ` in group '${group}'`}`);
  if (!resourceVerbs.includes(verb)) warn(context, `verb '${verb}' is not a known verb`);
  const all = { namespace, verb, group, version, resource: plural, subresource: asked.subresource, name };
  return { resourceAttributes: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "")) };
}

interface Meant {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly found?: Resource;
}

/** What a type is called; one that the server does not have is taken at its word. */
function* resourceNamed(context: Context, type: string): Task<Meant> {
  if (type === "*") return { group: "", version: "", plural: "*" };
  const [plural = "", ...rest] = type.split(".");
  const group = rest.join(".");
  try {
    const mapper = yield* context.mapper(2);
    const found = mapper.find(type);
    if (found) return { group: found.group, version: "", plural: found.plural, found };
  } catch (fault) {
    if (!isOrdinary(fault) && !(fault instanceof Unanswered)) throw fault;
    if (fault instanceof CommandFault) throw fault;
  }
  if (group === "") {
    if (plural !== "nonresourceurl") warn(context, `the server doesn't have a resource type '${plural}'`);
  } else warn(context, `the server doesn't have a resource type '${plural}' in group '${group}'`);
  return { group, version: "", plural };
}

function warn({ err }: Context, text: string): void {
  err.write(`Warning: ${text}\n\n`);
}
