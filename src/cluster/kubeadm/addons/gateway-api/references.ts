import type { JsonObject } from "../../../../base/json.ts";
import { conditions, group, kind, list, name, namespace, object, port, rule, sectionName, text } from "./shared.ts";

const SERVICE_PORT = rule(
  "Must have port for Service reference",
  "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
);

const targetFields = (): JsonObject => ({
  group: group({ default: "" }),
  kind: kind({ default: "Service" }),
  name: name(),
  namespace: namespace(),
  port: port("The port of the Service."),
});

/** What a rule forwards to, and how much of it. */
export const backendRef = (description: string, filters?: JsonObject): JsonObject =>
  object(
    description,
    {
      ...(filters ? { filters } : {}),
      ...targetFields(),
      weight: {
        default: 1,
        description: "The share of requests, of the sum of all weights; none at 0.",
        format: "int32",
        maximum: 1000000,
        minimum: 0,
        type: "integer",
      },
    },
    { required: ["name"], "x-kubernetes-validations": [SERVICE_PORT] },
  );

/** Where a copy of each request goes. */
export const mirrorTarget = (): JsonObject =>
  object("Where the copies go.", targetFields(), {
    required: ["name"],
    "x-kubernetes-validations": [SERVICE_PORT],
  });

const parentFields = (): JsonObject => ({
  group: group({ default: "gateway.networking.k8s.io" }),
  kind: kind({ default: "Gateway" }),
  name: name(),
  namespace: namespace(),
  port: port("The port of the listeners that are meant; all where nothing is said."),
  sectionName: sectionName("The name of the listener that is meant; all where nothing is said."),
});

/** How two references to a parent are the same, field by field: as the rules of the bundle say it (apis/v1, 1.4). */
const SAME_PARENT =
  "p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && (((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__) || p2.__namespace__ == '')) || (has(p1.__namespace__) && has(p2.__namespace__) && p1.__namespace__ == p2.__namespace__))";
const NO_SECTION = (one: string) => `(!has(${one}.sectionName) || ${one}.sectionName == '')`;

/** The Gateways that a route wants to be attached to. */
export const parentRefs = (): JsonObject =>
  list(
    "The Gateways that the route is for.",
    object("A Gateway, or some of its listeners.", parentFields(), { required: ["name"] }),
    32,
    {
      "x-kubernetes-list-type": "atomic",
      "x-kubernetes-validations": [
        rule(
          "sectionName must be specified when parentRefs includes 2 or more references to the same parent",
          `self.all(p1, self.all(p2, ${SAME_PARENT} ? (${NO_SECTION("p1")} == ${NO_SECTION("p2")}) : true))`,
        ),
        rule(
          "sectionName must be unique when parentRefs includes 2 or more references to the same parent",
          `self.all(p1, self.exists_one(p2, ${SAME_PARENT} && ((${NO_SECTION("p1")} && ${NO_SECTION("p2")}) || (has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName))))`,
        ),
      ],
    },
  );

/** What the parents of a route say about it. */
export const routeStatus = (): JsonObject =>
  object(
    "What the controllers found.",
    {
      parents: list(
        "One entry for each parent.",
        object(
          "What one parent's controller says.",
          {
            conditions: conditions(),
            controllerName: text("The controller that wrote this.", {
              maxLength: 253,
              minLength: 1,
              pattern:
                "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$",
            }),
            parentRef: object("The parent that this is about.", parentFields(), { required: ["name"] }),
          },
          { required: ["conditions", "controllerName", "parentRef"] },
        ),
        32,
        { "x-kubernetes-list-type": "atomic" },
      ),
    },
    { required: ["parents"] },
  );
