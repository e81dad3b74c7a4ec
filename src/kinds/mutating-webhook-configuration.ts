import { ageColumn, count, nameColumn } from "./cells.ts";
import { webhookDefaults } from "./defaults/admission.ts";
import type { Kind } from "./define.ts";
import { describeGeneric } from "./describe/generic.ts";
import type { WebhookConfiguration } from "./types/admission.ts";
import { webhookProblems } from "./validation/webhooks.ts";

/** Servers that may change what is requested. */
export const mutatingWebhookConfiguration: Kind<WebhookConfiguration> = {
  kind: "MutatingWebhookConfiguration",
  plural: "mutatingwebhookconfigurations",
  group: "admissionregistration.k8s.io",
  version: "v1",
  namespaced: false,
  categories: ["api-extensions"],
  countsGenerations: true,
  needsVersion: true,
  defaults({ webhooks = [] }) {
    for (const hook of webhooks) {
      webhookDefaults(hook);
      hook.reinvocationPolicy ??= "Never";
    }
  },
  problems: webhookProblems,
  columns: [nameColumn, count("Webhooks", ({ webhooks = [] }) => webhooks.length), ageColumn],
  describe: describeGeneric,
};
