import type { JsonObject } from "../../../../base/json.ts";
import { AGE, conditions, definition, group, kind, list, name, namespace, object, rule, text } from "./shared.ts";

const CONTROLLER_PATTERN =
  "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$";

/** GatewayClass: who makes the Gateways of a class. */
export const gatewayClasses: JsonObject = definition({
  kind: "GatewayClass",
  plural: "gatewayclasses",
  shortNames: ["gc"],
  scope: "Cluster",
  versions: ["v1", "v1beta1"],
  stored: "v1",
  description: "A class of Gateways, and the controller that serves them.",
  columns: [
    { jsonPath: ".spec.controllerName", name: "Controller", type: "string" },
    { jsonPath: '.status.conditions[?(@.type=="Accepted")].status', name: "Accepted", type: "string" },
    AGE,
    { jsonPath: ".spec.description", name: "Description", priority: 1, type: "string" },
  ],
  spec: object(
    "What the class stands for.",
    {
      controllerName: text("The controller that serves Gateways of the class; it cannot be changed.", {
        maxLength: 253,
        minLength: 1,
        pattern: CONTROLLER_PATTERN,
        "x-kubernetes-validations": [rule("Value is immutable", "self == oldSelf")],
      }),
      description: text("What people should know of the class.", { maxLength: 64 }),
      parametersRef: object(
        "Where the controller's settings for the class are.",
        { group: group(), kind: kind(), name: name(), namespace: namespace() },
        { required: ["group", "kind", "name"] },
      ),
    },
    { required: ["controllerName"] },
  ),
  status: object(
    "What the controller says of the class.",
    {
      conditions: conditions(),
      supportedFeatures: list(
        "What the controller can do.",
        object("A feature.", { name: text("Its name.") }, { required: ["name"] }),
        64,
        { "x-kubernetes-list-map-keys": ["name"], "x-kubernetes-list-type": "map" },
      ),
    },
    {
      default: {
        conditions: [
          {
            lastTransitionTime: "1970-01-01T00:00:00Z",
            message: "Waiting for controller",
            reason: "Pending",
            status: "Unknown",
            type: "Accepted",
          },
        ],
      },
    },
  ),
});
