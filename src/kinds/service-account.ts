import { ageColumn, count, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import { describeServiceAccount } from "./service-account/describe.ts";
import type { ServiceAccount } from "./types/core.ts";

const mountable = "kubernetes.io/enforce-mountable-secrets";

/** Whom a pod is to the API server. */
export const serviceAccount: Kind<ServiceAccount> = {
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["sa"],
  subresources: [
    { name: "token", kind: "TokenRequest", group: "authentication.k8s.io", version: "v1", verbs: ["create"] },
  ],
  warnings: ({ metadata }) =>
    metadata.annotations?.[mountable] === undefined
      ? []
      : [
          `metadata.annotations[${mountable}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ],
  columns: [
    nameColumn,
    { ...count("Secrets", (object: ServiceAccount) => object.secrets?.length), type: "string" },
    ageColumn,
  ],
  describe: describeServiceAccount,
};
