import type { AdmissionPlugin } from "../define.ts";
import { askedHook, hooksOf, matchedBy } from "./webhooks/hooks.ts";

const CONFIGURATIONS = "validatingwebhookconfigurations.admissionregistration.k8s.io";

/** Asks other servers whether a request may go on (apiserver pkg/admission/plugin/webhook/validating, 1.35). */
export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: "ValidatingAdmissionWebhook",
  validate(request, server) {
    for (const hook of hooksOf(CONFIGURATIONS, request, server)) {
      const kind = matchedBy(hook, request, server);
      if (kind) askedHook(hook, request, kind, false, server);
    }
  },
};
