import type { JsonObject } from "../../../../base/json.ts";
import { grpcFilters } from "./filters.ts";
import { backendRef, parentRefs, routeStatus } from "./references.ts";
import { AGE, definition, headerName, hostname, keyed, list, object, rule, sectionName, text } from "./shared.ts";

const IDENTIFIER = String.raw`r"""^(?i)\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$"""`;
const METHOD = `r"""^[A-Za-z_][A-Za-z_0-9]*$"""`;
const EXACT = "(!has(self.type) || self.type == 'Exact')";

const method = (): JsonObject =>
  object(
    "The service and method that are called.",
    {
      method: text("The method.", { maxLength: 1024 }),
      service: text("The service.", { maxLength: 1024 }),
      type: text("How they are compared.", { default: "Exact", enum: ["Exact", "RegularExpression"] }),
    },
    {
      "x-kubernetes-validations": [
        rule(
          "One or both of 'service' or 'method' must be specified",
          "has(self.type) ? has(self.service) || has(self.method) : true",
        ),
        rule(
          "service must only contain valid characters (matching ^(?i)\\.?[a-z_][a-z_0-9]*(\\.[a-z_][a-z_0-9]*)*$)",
          `${EXACT} && has(self.service) ? self.service.matches(${IDENTIFIER}): true`,
        ),
        rule(
          "method must only contain valid characters (matching ^[A-Za-z_][A-Za-z_0-9]*$)",
          `${EXACT} && has(self.method) ? self.method.matches(${METHOD}): true`,
        ),
      ],
    },
  );

const header = (): JsonObject =>
  object(
    "A header.",
    {
      name: headerName(),
      type: text("How it is compared.", { default: "Exact", enum: ["Exact", "RegularExpression"] }),
      value: text("With what.", { maxLength: 4096, minLength: 1 }),
    },
    { required: ["name", "value"] },
  );

/** GRPCRoute: which calls go where. */
export const grpcRoutes: JsonObject = definition({
  kind: "GRPCRoute",
  plural: "grpcroutes",
  scope: "Namespaced",
  versions: ["v1"],
  stored: "v1",
  description: "Routes for gRPC calls, from Gateways to Services.",
  columns: [{ jsonPath: ".spec.hostnames", name: "Hostnames", type: "string" }, AGE],
  specRequired: false,
  spec: object("What is wanted.", {
    hostnames: list("The hosts that the route is for; all where nothing is said.", hostname("A host."), 16, {
      "x-kubernetes-list-type": "atomic",
    }),
    parentRefs: parentRefs(),
    rules: list(
      "What happens to the calls.",
      object("What happens to some of the calls.", {
        backendRefs: list("Where they go.", backendRef("A backend.", grpcFilters()), 16, {
          "x-kubernetes-list-type": "atomic",
        }),
        filters: grpcFilters(),
        matches: list(
          "Which calls: those that fit one of these.",
          object("What a call must be like, in all points.", {
            headers: list("Headers it must have.", header(), 16, keyed(["name"])),
            method: method(),
          }),
          64,
          { "x-kubernetes-list-type": "atomic" },
        ),
        name: sectionName("The rule's name."),
      }),
      16,
      {
        "x-kubernetes-list-type": "atomic",
        "x-kubernetes-validations": [
          rule(
            "Rule name must be unique within the route",
            "self.all(l1, !has(l1.name) || self.exists_one(l2, has(l2.name) && l1.name == l2.name))",
          ),
        ],
      },
    ),
  }),
  status: routeStatus(),
});
