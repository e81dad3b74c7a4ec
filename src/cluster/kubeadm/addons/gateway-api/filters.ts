import type { JsonObject } from "../../../../base/json.ts";
import { mirrorTarget } from "./references.ts";
import { group, headerName, hostname, integer, keyed, kind, list, name, object, port, rule, text } from "./shared.ts";

const header = (): JsonObject =>
  object(
    "A header.",
    { name: headerName(), value: text("Its value.", { maxLength: 4096, minLength: 1 }) },
    { required: ["name", "value"] },
  );

const headerFilter = (description: string): JsonObject =>
  object(description, {
    add: list("Headers that are added to what is there.", header(), 16, keyed(["name"])),
    remove: list("Headers that are taken away.", { type: "string" }, 16, { "x-kubernetes-list-type": "set" }),
    set: list("Headers that replace what is there.", header(), 16, keyed(["name"])),
  });

const mirror = (): JsonObject =>
  object(
    "Sends a copy of the requests to another backend, whose answers are dropped.",
    {
      backendRef: mirrorTarget(),
      fraction: object(
        "The part of the requests that is copied.",
        {
          denominator: {
            default: 100,
            description: "Of how many.",
            format: "int32",
            minimum: 1,
            type: "integer",
          },
          numerator: { description: "So many.", format: "int32", minimum: 0, type: "integer" },
        },
        {
          required: ["numerator"],
          "x-kubernetes-validations": [
            rule("numerator must be less than or equal to denominator", "self.numerator <= self.denominator"),
          ],
        },
      ),
      percent: integer("The part of the requests that is copied, of a hundred.", 0, 100),
    },
    {
      required: ["backendRef"],
      "x-kubernetes-validations": [
        rule(
          "Only one of percent or fraction may be specified in HTTPRequestMirrorFilter",
          "!(has(self.percent) && has(self.fraction))",
        ),
      ],
    },
  );

/** Another path: all of it, or what the match's prefix stands for. */
const path = (): JsonObject =>
  object(
    "The path that takes the place of the request's.",
    {
      replaceFullPath: text("The whole path.", { maxLength: 1024 }),
      replacePrefixMatch: text("What takes the place of the prefix that matched.", { maxLength: 1024 }),
      type: text("What is replaced.", { enum: ["ReplaceFullPath", "ReplacePrefixMatch"] }),
    },
    {
      required: ["type"],
      "x-kubernetes-validations": [
        rule(
          "replaceFullPath must be specified when type is set to 'ReplaceFullPath'",
          "self.type == 'ReplaceFullPath' ? has(self.replaceFullPath) : true",
        ),
        rule(
          "type must be 'ReplaceFullPath' when replaceFullPath is set",
          "has(self.replaceFullPath) ? self.type == 'ReplaceFullPath' : true",
        ),
        rule(
          "replacePrefixMatch must be specified when type is set to 'ReplacePrefixMatch'",
          "self.type == 'ReplacePrefixMatch' ? has(self.replacePrefixMatch) : true",
        ),
        rule(
          "type must be 'ReplacePrefixMatch' when replacePrefixMatch is set",
          "has(self.replacePrefixMatch) ? self.type == 'ReplacePrefixMatch' : true",
        ),
      ],
    },
  );

const redirect = (): JsonObject =>
  object("Answers with a redirection.", {
    hostname: hostname("The host of the new address; the request's where nothing is said."),
    path: path(),
    port: port("The port of the new address."),
    scheme: text("The scheme of the new address.", { enum: ["http", "https"] }),
    statusCode: {
      default: 302,
      description: "The status of the answer.",
      enum: [301, 302],
      type: "integer",
    },
  });

const rewrite = (): JsonObject =>
  object("Changes the request before it is forwarded.", {
    hostname: hostname("The host that the backend sees."),
    path: path(),
  });

const extension = (): JsonObject =>
  object(
    "A filter of the implementation.",
    { group: group(), kind: kind(), name: name() },
    { required: ["group", "kind", "name"] },
  );

/** The filters of a kind of route: name of the type, name of its field, its schema. */
const all = {
  RequestHeaderModifier: ["requestHeaderModifier", headerFilter("Changes the request's headers.")],
  ResponseHeaderModifier: ["responseHeaderModifier", headerFilter("Changes the answer's headers.")],
  RequestMirror: ["requestMirror", mirror()],
  RequestRedirect: ["requestRedirect", redirect()],
  URLRewrite: ["urlRewrite", rewrite()],
  ExtensionRef: ["extensionRef", extension()],
} as const;

type FilterType = keyof typeof all;

const HTTP: readonly FilterType[] = [
  "RequestHeaderModifier",
  "ResponseHeaderModifier",
  "RequestMirror",
  "RequestRedirect",
  "URLRewrite",
  "ExtensionRef",
];
const GRPC: readonly FilterType[] = [
  "ResponseHeaderModifier",
  "RequestHeaderModifier",
  "RequestMirror",
  "ExtensionRef",
];

function filter(types: readonly FilterType[]): JsonObject {
  const known = types.map((type) => [type, ...all[type]] as const);
  return object(
    "A step on the way of a request or of its answer.",
    {
      ...Object.fromEntries(known.map(([, field, schema]) => [field, schema])),
      type: text("What it does.", { enum: [...types] }),
    },
    {
      required: ["type"],
      "x-kubernetes-validations": known.flatMap(([type, field]) => [
        rule(
          `filter.${field} must be nil if the filter.type is not ${type}`,
          `!(has(self.${field}) && self.type != '${type}')`,
        ),
        rule(
          `filter.${field} must be specified for ${type} filter.type`,
          `!(!has(self.${field}) && self.type == '${type}')`,
        ),
      ]),
    },
  );
}

const once = (type: FilterType) =>
  rule(`${type} filter cannot be repeated`, `self.filter(f, f.type == '${type}').size() <= 1`);

/** The filters of a rule of an HTTPRoute. */
export const httpFilters = (): JsonObject =>
  list("What happens to the requests of the rule.", filter(HTTP), 16, {
    "x-kubernetes-list-type": "atomic",
    "x-kubernetes-validations": [
      rule(
        "May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both",
        "!(self.exists(f, f.type == 'RequestRedirect') && self.exists(f, f.type == 'URLRewrite'))",
      ),
      once("RequestHeaderModifier"),
      once("ResponseHeaderModifier"),
      once("RequestRedirect"),
      once("URLRewrite"),
    ],
  });

/** The filters of a rule of a GRPCRoute. */
export const grpcFilters = (): JsonObject =>
  list("What happens to the requests of the rule.", filter(GRPC), 16, {
    "x-kubernetes-list-type": "atomic",
    "x-kubernetes-validations": [once("RequestHeaderModifier"), once("ResponseHeaderModifier")],
  });
