import type { JsonObject } from "../../../../base/json.ts";
import { listeners } from "./listeners.ts";
import {
  AGE,
  conditions,
  definition,
  GROUP_PATTERN,
  group,
  keyed,
  kind,
  list,
  name,
  object,
  rule,
  sectionName,
  text,
} from "./shared.ts";

const ADDRESS_TYPE_PATTERN =
  "^Hostname|IPAddress|NamedAddress|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$";

const address = (required: readonly string[]): JsonObject =>
  object(
    "An address.",
    {
      type: text("What it is.", { default: "IPAddress", maxLength: 253, minLength: 1, pattern: ADDRESS_TYPE_PATTERN }),
      value: text("The address itself.", { maxLength: 253 }),
    },
    required.length > 0 ? { required: [...required] } : {},
  );

const metadataMap = (description: string): JsonObject => ({
  additionalProperties: { maxLength: 4096, type: "string" },
  description,
  maxProperties: 8,
  type: "object",
});

const condition = (type: string): JsonObject => ({
  lastTransitionTime: "1970-01-01T00:00:00Z",
  message: "Waiting for controller",
  reason: "Pending",
  status: "Unknown",
  type,
});

const listenerStatus = (): JsonObject =>
  object(
    "What was found of one listener.",
    {
      attachedRoutes: { description: "How many routes are attached.", format: "int32", type: "integer" },
      conditions: conditions(),
      name: sectionName("The listener's name."),
      supportedKinds: list(
        "The kinds of routes that it takes.",
        object(
          "A kind.",
          { group: group({ default: "gateway.networking.k8s.io" }), kind: kind() },
          { required: ["kind"] },
        ),
        8,
        { "x-kubernetes-list-type": "atomic" },
      ),
    },
    { required: ["attachedRoutes", "conditions", "name"] },
  );

/** Gateway: where traffic comes in. */
export const gateways: JsonObject = definition({
  kind: "Gateway",
  plural: "gateways",
  shortNames: ["gtw"],
  scope: "Namespaced",
  versions: ["v1", "v1beta1"],
  stored: "v1",
  description: "A place where traffic comes into the cluster, by its listeners.",
  columns: [
    { jsonPath: ".spec.gatewayClassName", name: "Class", type: "string" },
    { jsonPath: ".status.addresses[*].value", name: "Address", type: "string" },
    { jsonPath: '.status.conditions[?(@.type=="Programmed")].status', name: "Programmed", type: "string" },
    AGE,
  ],
  spec: object(
    "What is wanted.",
    {
      addresses: list("The addresses that are asked for.", address([]), 16, {
        "x-kubernetes-list-type": "atomic",
        "x-kubernetes-validations": [
          rule(
            "IPAddress values must be unique",
            "self.all(a1, a1.type == 'IPAddress' && has(a1.value) ? self.exists_one(a2, a2.type == a1.type && has(a2.value) && a2.value == a1.value) : true )",
          ),
          rule(
            "Hostname values must be unique",
            "self.all(a1, a1.type == 'Hostname'  && has(a1.value) ? self.exists_one(a2, a2.type == a1.type && has(a2.value) && a2.value == a1.value) : true )",
          ),
        ],
      }),
      gatewayClassName: text("The class of the Gateway.", { maxLength: 253, minLength: 1 }),
      infrastructure: object("What holds for the things that are made for the Gateway.", {
        annotations: metadataMap("Annotations that they carry."),
        labels: metadataMap("Labels that they carry."),
        parametersRef: object(
          "Where the controller's settings for the Gateway are.",
          { group: group(), kind: kind(), name: name() },
          { required: ["group", "kind", "name"] },
        ),
      }),
      listeners: listeners(),
    },
    { required: ["gatewayClassName", "listeners"] },
  ),
  status: object(
    "What the controller found.",
    {
      addresses: list("The addresses that the Gateway has.", address(["value"]), 16, {
        "x-kubernetes-list-type": "atomic",
      }),
      conditions: conditions(),
      listeners: list("What was found of the listeners.", listenerStatus(), 64, keyed(["name"])),
    },
    { default: { conditions: [condition("Accepted"), condition("Programmed")] } },
  ),
});

/** ReferenceGrant: who may point into a namespace from another. */
export const referenceGrants: JsonObject = definition({
  kind: "ReferenceGrant",
  plural: "referencegrants",
  shortNames: ["refgrant"],
  scope: "Namespaced",
  versions: ["v1beta1"],
  stored: "v1beta1",
  description: "Lets objects of other namespaces point at objects of this one.",
  columns: [AGE],
  specRequired: false,
  spec: object(
    "Who may, and at what.",
    {
      from: {
        ...list(
          "Who may.",
          object(
            "Objects of a kind and namespace.",
            {
              group: text("Their API group.", { maxLength: 253, pattern: GROUP_PATTERN }),
              kind: kind(),
              namespace: text("Their namespace.", {
                maxLength: 63,
                minLength: 1,
                pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
              }),
            },
            { required: ["group", "kind", "namespace"] },
          ),
          16,
        ),
        minItems: 1,
        "x-kubernetes-list-type": "atomic",
      },
      to: {
        ...list(
          "At what.",
          object(
            "Objects of a kind, or one of them.",
            { group: group(), kind: kind(), name: name() },
            { required: ["group", "kind"] },
          ),
          16,
        ),
        minItems: 1,
        "x-kubernetes-list-type": "atomic",
      },
    },
    { required: ["from", "to"] },
  ),
});
