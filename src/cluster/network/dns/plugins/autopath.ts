import { goQuote } from "../../../../base/go-text.ts";
import { readResolvConf } from "../../resolver.ts";
import type { DnsRequest, Next, Outcome, Plugin, SetupContext } from "../define.ts";
import { absolute, zoneOf, zonesOf } from "../names.ts";
import { onlyOnce, settingFault } from "./define.ts";

/** The search domains of a client, "" for none at the end. */
type SearchPath = (request: DnsRequest) => readonly string[];

function pathOf({ words, host, zones }: SetupContext): {
  readonly zones: readonly string[];
  readonly path: SearchPath;
} {
  const args = words.remainingArgs();
  const from = args.pop();
  if (from === undefined) throw settingFault("no resolv-conf specified");
  const own = args.length > 0 ? args.flatMap(zonesOf) : zones;
  const search = (path: string) => {
    const text = host.read(path);
    if (text === undefined)
      throw settingFault(`failed to parse ${goQuote(path)}: open ${path}: no such file or directory`);
    return readResolvConf(text).search.map((domain) => absolute(domain.toLowerCase()));
  };
  if (!from.startsWith("@")) {
    const fixed = [...search(from), ""];
    return { zones: own, path: () => fixed };
  }
  if (from !== "@kubernetes") return { zones: own, path: () => [] };
  const rest = host.read("/etc/resolv.conf") === undefined ? [] : search("/etc/resolv.conf");
  return {
    zones: own,
    path(request) {
      // The kubernetes plugin knows the client's namespace where it follows pods (pods verified).
      const namespace = host.cluster()?.podsAt(request.question.from)[0]?.metadata.namespace;
      const zone = zoneOf(own, request.name);
      const cluster = zone === undefined || zone === "." ? "cluster.local." : zone;
      return namespace === undefined ? [] : [`${namespace}.svc.${cluster}`, `svc.${cluster}`, cluster, ...rest, ""];
    },
  };
}

/** autopath: follows the client's search path itself, and answers with an alias. */
export const autopath: Plugin = {
  name: "autopath",
  setup(context) {
    let found: ReturnType<typeof pathOf> | undefined;
    for (const _ of onlyOnce(context.words)) found = pathOf(context);
    if (!found) return undefined;
    const { zones, path } = found;
    return {
      plugin: "autopath",
      serve(request, next) {
        const { type } = request.question;
        if (zoneOf(zones, request.name) === undefined || (type !== "A" && type !== "AAAA")) return next(request);
        const search = path(request);
        const [first] = search;
        if (first === undefined || !request.name.endsWith(`.${first}`)) return next(request);
        return followed(request, next, search, request.name.slice(0, -first.length));
      },
    };
  },
};

function followed(request: DnsRequest, next: Next, search: readonly string[], base: string): Outcome {
  let first: Outcome | undefined;
  for (const domain of search) {
    const name = `${base}${domain}`;
    const outcome = next({ ...request, name, question: { ...request.question, name } });
    first ??= outcome;
    const { reply } = outcome;
    if (!reply || reply.rcode === "NXDOMAIN" || reply.answers.length === 0) continue;
    if (name === request.name) return outcome;
    const alias = { name: request.question.name, type: "CNAME", ttl: reply.answers[0]?.ttl ?? 5, data: name } as const;
    return { ...outcome, reply: { ...reply, answers: [alias, ...reply.answers] } };
  }
  return first ?? next(request);
}
