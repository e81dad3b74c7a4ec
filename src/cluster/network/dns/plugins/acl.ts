import { type Cidr, cidrContains, parseCidr, parseIp, rangeIn } from "../../../../base/cidr.ts";
import { goQuote } from "../../../../base/go-text.ts";
import { failure, type Plugin, type SetupContext } from "../define.ts";
import { zoneOf, zonesOf } from "../names.ts";
import { emptyReply } from "../reply.ts";

type Action = "allow" | "block" | "filter" | "drop";
const actions = new Set<string>(["allow", "block", "filter", "drop"]);
const types = new Set<string>(
  "A AAAA ANY CAA CNAME DNSKEY DS HINFO HTTPS MX NAPTR NS NSEC PTR RRSIG SOA SRV SVCB TLSA TXT".split(" "),
);

interface Policy {
  readonly action: Action;
  /** Undefined for all. */
  readonly types: ReadonlySet<string> | undefined;
  readonly nets: readonly Cidr[] | undefined;
}

interface Rule {
  readonly zones: readonly string[];
  readonly policies: readonly Policy[];
}

function policyOf({ words }: SetupContext): Policy {
  const action = words.value.toLowerCase();
  if (!actions.has(action))
    throw words.fault(`unexpected token ${goQuote(words.value)}; expect 'allow', 'block', 'filter' or 'drop'`);
  const wanted = new Set<string>();
  const nets: Cidr[] = [];
  let section = "";
  for (const word of words.remainingArgs()) {
    const low = word.toLowerCase();
    if (low === "type" || low === "net") section = low;
    else if (section === "") throw words.fault(`unexpected token ${goQuote(word)}; expect 'type | net'`);
    else if (section === "type") {
      if (word !== "*" && !types.has(word.toUpperCase()))
        throw words.fault(`unexpected token ${goQuote(word)}; expect legal QTYPE`);
      wanted.add(word.toUpperCase());
    } else if (word === "*") nets.push(parseCidr("0.0.0.0/0"), parseCidr("::/0"));
    else nets.push(netOf(word, () => words.fault(`illegal CIDR notation ${goQuote(word)}`)));
  }
  return {
    action: action as Action,
    types: wanted.size === 0 || wanted.has("*") ? undefined : wanted,
    nets: nets.length === 0 ? undefined : nets,
  };
}

function netOf(word: string, fault: () => Error): Cidr {
  const range = rangeIn(word);
  if (range) return range;
  throw fault();
}

/** acl: who may ask for what. */
export const acl: Plugin = {
  name: "acl",
  setup(context) {
    const { words } = context;
    const rules: Rule[] = [];
    while (words.next()) {
      const named = words.remainingArgs();
      const policies: Policy[] = [];
      while (words.nextBlock()) policies.push(policyOf(context));
      rules.push({ zones: named.length > 0 ? named.flatMap(zonesOf) : context.zones, policies });
    }
    return {
      plugin: "acl",
      serve(request, next) {
        const from = parseIp(request.question.from);
        for (const { zones, policies } of rules) {
          if (zoneOf(zones, request.name) === undefined) continue;
          const policy = policies.find(
            ({ types: wanted, nets }) =>
              (!wanted || wanted.has(request.question.type)) &&
              (!nets || (from && nets.some((net) => cidrContains(net, from)))),
          );
          if (policy?.action === "allow") return next(request);
          if (policy?.action === "block") return failure("REFUSED");
          if (policy?.action === "filter") return { reply: emptyReply("NOERROR") };
          if (policy?.action === "drop") return { reply: undefined };
        }
        return next(request);
      },
    };
  },
};
