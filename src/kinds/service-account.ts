import { ageColumn, count, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import { describeServiceAccount } from "./service-account/describe.ts";
import type { ServiceAccount } from "./types/core.ts";

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
  columns: [
    nameColumn,
    { ...count("Secrets", (object: ServiceAccount) => object.secrets?.length), type: "string" },
    ageColumn,
  ],
  describe: describeServiceAccount,
};
