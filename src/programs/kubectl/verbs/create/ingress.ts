import type { JsonObject } from "../../../../base/json.ts";
import type { Verb } from "../../define.ts";
import { listFlag, textFlag } from "../../flag-types.ts";
import { createGenerated, generatedMetadata, generatorFlags, nameProblem } from "../../generator.ts";

const flags = {
  ...generatorFlags,
  annotation: listFlag("An annotation of the ingress, as key=value."),
  class: textFlag("The ingress class."),
  "default-backend": textFlag("The service for whatever no rule fits, as name:port."),
  rule: listFlag("A rule, as host/path=service:port[,tls=secretname]; paths that end in * are prefixes."),
};

/** host/path=svcname:svcport[,tls[=secret]] (create_ingress.go ruleRegex, 1.33) */
const ruleForm = /^([\w*\-.]*)(\/.*)=([\w-]+):([\w-]+)(?:,(tls)=?([\w-]+)?)?/;

interface Rule {
  readonly host: string;
  readonly path: JsonObject;
  readonly tls: boolean;
  readonly secret: string | undefined;
}

/** Makes an ingress. */
export const ingress: Verb<typeof flags> = {
  path: ["create", "ingress"],
  aliases: ["ing"],
  usage: "create ingress NAME --rule=host/path=service:port[,tls[=secret]] ",
  short: "Create an ingress with the specified name",
  examples: [
    'kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"',
    'kubectl create ingress catch-all --class=otheringress --rule="/path=svc:port"',
    'kubectl create ingress ingdefault --class=default --default-backend=defaultsvc:http --rule="foo.com/*=svc:8080,tls=secret1"',
  ],
  flags,
  config: "whole",
  check({ args, dash, flags: { rule, annotation, "default-backend": backend } }) {
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    if (backend === "" && rule.length === 0)
      return "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)";
    const bad = rule.find((one) => !ruleForm.test(one));
    if (bad !== undefined)
      return `rule ${bad} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`;
    const note = annotation.find((one) => !one.includes("="));
    if (note !== undefined) return `annotation ${note} is invalid and should be in format key=[value]`;
    return backend !== "" && backend.split(":").length !== 2
      ? "default-backend should be in format servicename:serviceport"
      : undefined;
  },
  *run(context, { args: [name = ""], flags: values }) {
    const annotations = Object.fromEntries(
      values.annotation.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]),
    );
    const rules = values.rule.map(readRule);
    const [service = "", port = ""] = values["default-backend"].split(":");
    const object = {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: generatedMetadata(context, name, { annotations }),
      spec: {
        ...(values.class === "" ? {} : { ingressClassName: values.class }),
        ...(values["default-backend"] === "" ? {} : { defaultBackend: backendOf(service, port) }),
        tls: tlsOf(rules),
        rules: rulesByHost(rules),
      },
    };
    yield* createGenerated(context, values, { object, plural: "ingresses", failed: "failed to create ingress: " });
  },
};

function readRule(text: string): Rule {
  const [, host = "", path = "", service = "", port = ""] = ruleForm.exec(text) ?? [];
  const parts = text.split(",");
  const isPrefix = path.endsWith("*");
  return {
    host,
    path: {
      path: isPrefix ? path.slice(0, -1) || "/" : path,
      pathType: isPrefix ? "Prefix" : "Exact",
      backend: backendOf(service, port),
    },
    // Whatever follows the comma counts, not only the word tls.
    tls: parts.length === 2,
    secret: parts[1]?.split("=")[1] || undefined,
  };
}

function backendOf(name: string, port: string): JsonObject {
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

function rulesByHost(rules: readonly Rule[]): readonly JsonObject[] {
  const paths = new Map<string, JsonObject[]>();
  for (const { host, path } of rules) paths.set(host, [...(paths.get(host) ?? []), path]);
  return [...paths].map(([host, list]) => ({ host, http: { paths: list } }));
}

/** The hosts of one secret stand together; a later rule adds a host that none has named (buildTLSRules, 1.33). */
function tlsOf(rules: readonly Rule[]): readonly JsonObject[] {
  const seen = new Set<string>();
  const entries: { readonly hosts: string[]; readonly secretName: string | undefined }[] = [];
  for (const { host, tls, secret } of rules) {
    if (!tls) continue;
    const same = entries.find(({ secretName }) => (secretName ?? "") === (secret ?? ""));
    if (same) {
      if (!seen.has(host)) same.hosts.push(host);
    } else if (host !== "" || secret !== undefined)
      entries.push({ hosts: host === "" ? [] : [host], secretName: secret });
    else continue;
    seen.add(host);
  }
  return entries;
}
