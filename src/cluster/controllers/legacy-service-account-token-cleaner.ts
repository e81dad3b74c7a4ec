import { SECOND } from "../../base/clock.ts";
import { parseGoDuration } from "../../base/go-duration.ts";
import { rfc3339 } from "../../base/time.ts";
import type { ConfigMap, Secret, ServiceAccount } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Controller } from "./define.ts";

const TRACKING = "kube-apiserver-legacy-service-account-token-tracking";
const LAST_USED = "kubernetes.io/legacy-token-last-used";
const INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";
const DAY = 86_400;
const date = /^\d{4}-\d\d-\d\d$/;

/**
 * Marks tokens in secrets that were made by themselves and that nobody has used for a year, and deletes them a year
 * later (kubernetes pkg/controller/serviceaccount/legacy_serviceaccount_token_cleaner.go, 1.35).
 */
export const legacyServiceAccountTokenCleaner: Controller<Secret> = {
  name: "legacy-serviceaccount-token-cleaner-controller",
  account: "legacy-service-account-token-cleaner",
  for: "secrets",
  concerns: ({ type }) => type === "kubernetes.io/service-account-token",
  reconcile(api, secret, { namespace, name }, { clock, flags }) {
    if (!secret || secret.metadata.deletionTimestamp) return undefined;
    const period = parseGoDuration(flags["legacy-service-account-token-clean-up-period"] ?? "8760h0m0s");
    const since = api.get<ConfigMap>("configmaps", "kube-system", TRACKING)?.data?.since;
    const border = rfc3339(clock.now - period);
    const before = border.slice(0, 10);
    const again = { againIn: DAY };
    if (since === undefined || rfc3339(clock.now - period - DAY * SECOND).slice(0, 10) < since) return again;
    const { labels = {}, annotations = {}, resourceVersion } = secret.metadata;
    const creationTimestamp = secret.metadata.creationTimestamp ?? "";
    const used = labels[LAST_USED];
    if (creationTimestamp >= border || (used !== undefined && (!date.test(used) || used >= before))) return again;
    const account = api.get<ServiceAccount>(
      "serviceaccounts",
      namespace,
      annotations["kubernetes.io/service-account.name"] ?? "",
    );
    if (!account?.secrets?.some((one) => one.name === name)) return again;
    if (api.list<Pod>("pods", namespace).some((pod) => JSON.stringify(pod.spec).includes(`"${name}"`))) return again;
    const invalid = labels[INVALID_SINCE] ?? "";
    if (!date.test(invalid)) {
      const marked = { ...labels, [INVALID_SINCE]: rfc3339(clock.now).slice(0, 10) };
      api.modify<Secret>(secret, (now) => ({ ...now, metadata: { ...now.metadata, labels: marked } }));
      return again;
    }
    if (invalid >= before) return again;
    api.delete(secret, resourceVersion ? { preconditions: { resourceVersion } } : {});
    return undefined;
  },
};
