import type { JsonObject } from "../../../../base/json.ts";
import { httpFilters } from "./filters.ts";
import { backendRef, parentRefs, routeStatus } from "./references.ts";
import { AGE, definition, headerName, hostname, keyed, list, object, rule, sectionName, text } from "./shared.ts";

const DURATION_PATTERN = "^([0-9]{1,5}(h|m|s|ms)){1,4}$";

const PLAIN = "self.type in ['Exact','PathPrefix']";
const without = (part: string) =>
  rule(
    `must not contain '${part}' when type one of ['Exact', 'PathPrefix']`,
    `(${PLAIN}) ? !self.value.contains('${part}') : true`,
  );
const notEnding = (part: string) =>
  rule(
    `must not end with '${part}' when type one of ['Exact', 'PathPrefix']`,
    `(${PLAIN}) ? !self.value.endsWith('${part}') : true`,
  );

const path = (): JsonObject =>
  object(
    "The path of the request.",
    {
      type: text("How it is compared.", {
        default: "PathPrefix",
        enum: ["Exact", "PathPrefix", "RegularExpression"],
      }),
      value: text("With what.", { default: "/", maxLength: 1024 }),
    },
    {
      default: { type: "PathPrefix", value: "/" },
      "x-kubernetes-validations": [
        rule(
          "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']",
          `(${PLAIN}) ? self.value.startsWith('/') : true`,
        ),
        ...["//", "/./", "/../", "%2f", "%2F", "#"].map(without),
        notEnding("/.."),
        notEnding("/."),
        rule(
          "type must be one of ['Exact', 'PathPrefix', 'RegularExpression']",
          `${PLAIN} || self.type == 'RegularExpression'`,
        ),
        rule(
          "must only contain valid characters (matching ^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$) for types ['Exact', 'PathPrefix']",
          `(${PLAIN}) ? self.value.matches(r"""^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$""") : true`,
        ),
      ],
    },
  );

const named = (description: string, nameSchema: JsonObject, longest: number): JsonObject =>
  object(
    description,
    {
      name: nameSchema,
      type: text("How it is compared.", { default: "Exact", enum: ["Exact", "RegularExpression"] }),
      value: text("With what.", { maxLength: longest, minLength: 1 }),
    },
    { required: ["name", "value"] },
  );

const match = (): JsonObject =>
  object("What a request must be like, in all points.", {
    headers: list("Headers it must have.", named("A header.", headerName(), 4096), 16, keyed(["name"])),
    method: text("Its method.", {
      enum: ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"],
    }),
    path: path(),
    queryParams: list("Parameters it must have.", named("A parameter.", headerName(), 1024), 16, keyed(["name"])),
  });

const duration = (description: string): JsonObject => text(description, { pattern: DURATION_PATTERN });

const timeouts = (): JsonObject =>
  object(
    "How long things may take.",
    {
      backendRequest: duration("One request to a backend."),
      request: duration("The whole request."),
    },
    {
      "x-kubernetes-validations": [
        rule(
          "backendRequest timeout cannot be longer than request timeout",
          "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && duration(self.backendRequest) > duration(self.request))",
        ),
      ],
    },
  );

/** Filters that name a prefix need the one match whose prefix is meant. */
const onePrefix = (filter: string, field: string, at: "filters" | "backends") => {
  const uses = `exists_one(f, has(f.${field}) && has(f.${field}.path) && f.${field}.path.type == 'ReplacePrefixMatch' && has(f.${field}.path.replacePrefixMatch))`;
  const where =
    at === "filters"
      ? `has(self.filters) && self.filters.${uses}`
      : `has(self.backendRefs) && self.backendRefs.exists_one(b, (has(b.filters) && b.filters.${uses}))`;
  const said =
    at === "filters"
      ? `When using ${filter} filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified`
      : `Within backendRefs, When using ${filter} filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified`;
  return rule(
    said,
    `(${where}) ? ((size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) : true`,
  );
};

const httpRule = (): JsonObject =>
  object(
    "What happens to some of the requests.",
    {
      backendRefs: list("Where they go.", backendRef("A backend.", httpFilters()), 16, {
        "x-kubernetes-list-type": "atomic",
      }),
      filters: httpFilters(),
      matches: list("Which requests: those that fit one of these.", match(), 64, {
        default: [{ path: { type: "PathPrefix", value: "/" } }],
        "x-kubernetes-list-type": "atomic",
      }),
      name: sectionName("The rule's name."),
      timeouts: timeouts(),
    },
    {
      "x-kubernetes-validations": [
        rule(
          "RequestRedirect filter must not be used together with backendRefs",
          "(has(self.backendRefs) && size(self.backendRefs) > 0) ? (!has(self.filters) || self.filters.all(f, !has(f.requestRedirect))): true",
        ),
        onePrefix("RequestRedirect", "requestRedirect", "filters"),
        onePrefix("URLRewrite", "urlRewrite", "filters"),
        onePrefix("RequestRedirect", "requestRedirect", "backends"),
        onePrefix("URLRewrite", "urlRewrite", "backends"),
      ],
    },
  );

/** HTTPRoute: which requests go where. */
export const httpRoutes: JsonObject = definition({
  kind: "HTTPRoute",
  plural: "httproutes",
  scope: "Namespaced",
  versions: ["v1", "v1beta1"],
  stored: "v1",
  description: "Routes for HTTP requests, from Gateways to Services.",
  columns: [{ jsonPath: ".spec.hostnames", name: "Hostnames", type: "string" }, AGE],
  spec: object("What is wanted.", {
    hostnames: list("The hosts that the route is for; all where nothing is said.", hostname("A host."), 16, {
      "x-kubernetes-list-type": "atomic",
    }),
    parentRefs: parentRefs(),
    rules: list("What happens to the requests.", httpRule(), 16, {
      default: [{ matches: [{ path: { type: "PathPrefix", value: "/" } }] }],
      "x-kubernetes-list-type": "atomic",
      "x-kubernetes-validations": [
        rule(
          "Rule name must be unique within the route",
          "self.all(l1, !has(l1.name) || self.exists_one(l2, has(l2.name) && l1.name == l2.name))",
        ),
      ],
    }),
  }),
  status: routeStatus(),
});
