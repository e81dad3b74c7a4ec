import type { JsonObject } from "../../../../base/json.ts";

/** The release of Gateway API whose standard channel is described here. */
export const BUNDLE_VERSION = "v1.4.1";

type Schema = JsonObject;

/** A condition that a value must fulfil, in CEL, and what is said when it does not. */
export const rule = (message: string, expression: string): JsonObject => ({ message, rule: expression });

export const text = (description: string, more: JsonObject = {}): Schema => ({ description, type: "string", ...more });

export const integer = (description: string, minimum: number, maximum: number): Schema => ({
  description,
  format: "int32",
  maximum,
  minimum,
  type: "integer",
});
export const object = (description: string, properties: JsonObject, more: JsonObject = {}): Schema => ({
  description,
  properties,
  type: "object",
  ...more,
});
export const list = (description: string, items: Schema, maxItems: number, more: JsonObject = {}): Schema => ({
  description,
  items,
  maxItems,
  type: "array",
  ...more,
});
/** A list whose items are told apart by a field of theirs. */
export const keyed = (keys: readonly string[]): JsonObject => ({
  "x-kubernetes-list-map-keys": [...keys],
  "x-kubernetes-list-type": "map",
});

export const GROUP_PATTERN = "^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
export const SECTION_PATTERN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
const KIND_PATTERN = "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$";
const NAMESPACE_PATTERN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
const HEADER_PATTERN = "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$";
export const HOSTNAME_PATTERN = "^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

export const group = (more: JsonObject = {}): Schema =>
  text("The API group that is meant; empty for the core group.", { maxLength: 253, pattern: GROUP_PATTERN, ...more });
export const kind = (more: JsonObject = {}): Schema =>
  text("The kind that is meant.", { maxLength: 63, minLength: 1, pattern: KIND_PATTERN, ...more });
export const name = (): Schema => text("The name that is meant.", { maxLength: 253, minLength: 1 });
export const namespace = (): Schema =>
  text("The namespace that is meant; the object's own where nothing is said.", {
    maxLength: 63,
    minLength: 1,
    pattern: NAMESPACE_PATTERN,
  });
export const port = (description: string): Schema => integer(description, 1, 65535);
export const sectionName = (description: string): Schema =>
  text(description, { maxLength: 253, minLength: 1, pattern: SECTION_PATTERN });
export const hostname = (description: string): Schema =>
  text(description, { maxLength: 253, minLength: 1, pattern: HOSTNAME_PATTERN });
export const headerName = (): Schema =>
  text("The header's name, in any case.", { maxLength: 256, minLength: 1, pattern: HEADER_PATTERN });

/** The conditions of a status. */
export const conditions = (): Schema =>
  list(
    "What is known about it.",
    object(
      "One thing that is known.",
      {
        lastTransitionTime: text("Since when it is so.", { format: "date-time" }),
        message: text("The reason in words.", { maxLength: 32768 }),
        observedGeneration: {
          description: "The generation of the object that this was found in.",
          format: "int64",
          minimum: 0,
          type: "integer",
        },
        reason: text("The reason in one word.", {
          maxLength: 1024,
          minLength: 1,
          pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
        }),
        status: text("Whether it is so.", { enum: ["True", "False", "Unknown"] }),
        type: text("What it is about.", {
          maxLength: 316,
          pattern:
            "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
        }),
      },
      { required: ["lastTransitionTime", "message", "reason", "status", "type"] },
    ),
    8,
    keyed(["type"]),
  );

/** What a CustomResourceDefinition of the bundle is made of. */
export interface Definition {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly scope: "Cluster" | "Namespaced";
  /** The newest version, which is stored. */
  readonly versions: readonly string[];
  readonly stored: string;
  readonly description: string;
  readonly columns: readonly JsonObject[];
  readonly spec: Schema;
  readonly status?: Schema;
  readonly specRequired?: boolean;
}

export const AGE: JsonObject = { jsonPath: ".metadata.creationTimestamp", name: "Age", type: "date" };

export function definition(made: Definition): JsonObject {
  const { plural, scope, stored } = made;
  const singular = made.kind.toLowerCase();
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      annotations: {
        "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/3328",
        "gateway.networking.k8s.io/bundle-version": BUNDLE_VERSION,
        "gateway.networking.k8s.io/channel": "standard",
      },
      name: `${plural}.gateway.networking.k8s.io`,
    },
    spec: {
      group: "gateway.networking.k8s.io",
      names: {
        categories: ["gateway-api"],
        kind: made.kind,
        listKind: `${made.kind}List`,
        plural,
        ...(made.shortNames ? { shortNames: [...made.shortNames] } : {}),
        singular,
      },
      scope,
      versions: made.versions.map((version) => versionOf(made, version, version === stored)),
    },
  };
}

function versionOf(made: Definition, version: string, storage: boolean): JsonObject {
  const { columns, spec, status, description, specRequired = true } = made;
  return {
    additionalPrinterColumns: [...columns],
    name: version,
    schema: {
      openAPIV3Schema: object(
        description,
        {
          apiVersion: text("The version of the schema that the object follows."),
          kind: text("The kind of the object."),
          metadata: { type: "object" },
          spec,
          ...(status ? { status } : {}),
        },
        specRequired ? { required: ["spec"] } : {},
      ),
    },
    served: true,
    storage,
    ...(status ? { subresources: { status: {} } } : {}),
  };
}
