import type { MatchResources, OperationRule, Webhook } from "../types/admission.ts";

// kubernetes pkg/apis/admissionregistration/v1/defaults.go, 1.35.

/** What webhooks are when they do not say otherwise. */
export function webhookDefaults(hook: Webhook): void {
  hook.failurePolicy ??= "Fail";
  hook.matchPolicy ??= "Equivalent";
  hook.namespaceSelector ??= {};
  hook.objectSelector ??= {};
  hook.timeoutSeconds ??= 10;
  if (hook.clientConfig?.service) hook.clientConfig.service.port ??= 443;
  ruleDefaults(hook.rules);
}

/** What a policy or a binding matches when it does not say otherwise. */
export function matchDefaults(match: MatchResources): void {
  match.matchPolicy ??= "Equivalent";
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  ruleDefaults(match.resourceRules);
  ruleDefaults(match.excludeResourceRules);
}

function ruleDefaults(rules: readonly OperationRule[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= "*";
}
