import type { JsonObject } from "../../../../base/json.ts";
import {
  group,
  hostname,
  keyed,
  kind,
  list,
  name,
  namespace,
  object,
  port,
  rule,
  sectionName,
  text,
} from "./shared.ts";

const labelSelector = (): JsonObject =>
  object(
    "The labels of the namespaces, where `from` is Selector.",
    {
      matchExpressions: {
        description: "Requirements, all of which must be met.",
        items: object(
          "A requirement.",
          {
            key: text("The label's name."),
            operator: text("In, NotIn, Exists or DoesNotExist."),
            values: {
              description: "The label's values.",
              items: { type: "string" },
              type: "array",
              "x-kubernetes-list-type": "atomic",
            },
          },
          { required: ["key", "operator"] },
        ),
        type: "array",
        "x-kubernetes-list-type": "atomic",
      },
      matchLabels: {
        additionalProperties: { type: "string" },
        description: "Labels and their values.",
        type: "object",
      },
    },
    { "x-kubernetes-map-type": "atomic" },
  );

const allowedRoutes = (): JsonObject =>
  object(
    "The routes that may be attached.",
    {
      kinds: list(
        "Their kinds; those that fit the protocol where nothing is said.",
        object(
          "A kind.",
          { group: group({ default: "gateway.networking.k8s.io" }), kind: kind() },
          { required: ["kind"] },
        ),
        8,
        { "x-kubernetes-list-type": "atomic" },
      ),
      namespaces: object(
        "Their namespaces.",
        {
          from: text("All, the Gateway's own (Same), or by labels (Selector).", {
            default: "Same",
            enum: ["All", "Selector", "Same"],
          }),
          selector: labelSelector(),
        },
        { default: { from: "Same" } },
      ),
    },
    { default: { namespaces: { from: "Same" } } },
  );

const tls = (): JsonObject =>
  object(
    "How TLS is spoken.",
    {
      certificateRefs: list(
        "The Secrets with the certificates.",
        object(
          "A Secret.",
          { group: group({ default: "" }), kind: kind({ default: "Secret" }), name: name(), namespace: namespace() },
          { required: ["name"] },
        ),
        64,
        { "x-kubernetes-list-type": "atomic" },
      ),
      mode: text("Whether TLS ends here, or goes through.", {
        default: "Terminate",
        enum: ["Terminate", "Passthrough"],
      }),
      options: {
        additionalProperties: { maxLength: 4096, minLength: 0, type: "string" },
        description: "Settings of the implementation.",
        maxProperties: 16,
        type: "object",
      },
    },
    {
      "x-kubernetes-validations": [
        rule(
          "certificateRefs or options must be specified when mode is Terminate",
          "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 : true",
        ),
      ],
    },
  );

const PROTOCOL_PATTERN =
  "^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9]+$";

/** The listeners of a Gateway. */
export const listeners = (): JsonObject => ({
  ...list(
    "Where it listens.",
    object(
      "A port and a protocol, for a host or all.",
      {
        allowedRoutes: allowedRoutes(),
        hostname: hostname("The host that is meant; all where nothing is said."),
        name: sectionName("The listener's name, which routes point at."),
        port: port("Where it listens."),
        protocol: text("What is spoken.", { maxLength: 255, minLength: 1, pattern: PROTOCOL_PATTERN }),
        tls: tls(),
      },
      { required: ["name", "port", "protocol"] },
    ),
    64,
    keyed(["name"]),
  ),
  minItems: 1,
  "x-kubernetes-validations": [
    rule(
      "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
      "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
    ),
    rule(
      "tls mode must be Terminate for protocol HTTPS",
      "self.all(l, (l.protocol == 'HTTPS' && has(l.tls)) ? (l.tls.mode == '' || l.tls.mode == 'Terminate') : true)",
    ),
    rule(
      "hostname must not be specified for protocols ['TCP', 'UDP']",
      "self.all(l, l.protocol in ['TCP', 'UDP'] ? (!has(l.hostname) || l.hostname == '') : true)",
    ),
    rule("Listener name must be unique within the Gateway", "self.all(l1, self.exists_one(l2, l1.name == l2.name))"),
    rule(
      "Combination of port, protocol and hostname must be unique for each listener",
      "self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))",
    ),
  ],
});
