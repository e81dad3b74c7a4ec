import { ageColumn, count, nameColumn } from "./cells.ts";
import { webhookDefaults } from "./defaults/admission.ts";
import type { Kind } from "./define.ts";
import { describeGeneric } from "./describe/generic.ts";
import type { WebhookConfiguration } from "./types/admission.ts";
import { webhookProblems } from "./validation/webhooks.ts";

/** Servers that are asked whether requests may go on. */
export const validatingWebhookConfiguration: Kind<WebhookConfiguration> = {
  kind: "ValidatingWebhookConfiguration",
  plural: "validatingwebhookconfigurations",
  group: "admissionregistration.k8s.io",
  version: "v1",
  namespaced: false,
  categories: ["api-extensions"],
  countsGenerations: true,
  needsVersion: true,
  defaults({ webhooks = [] }) {
    for (const hook of webhooks) webhookDefaults(hook);
  },
  problems: webhookProblems,
  columns: [nameColumn, count("Webhooks", ({ webhooks = [] }) => webhooks.length), ageColumn],
  describe: describeGeneric,
};
