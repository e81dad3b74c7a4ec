import type { Condition, KubeObject, LabelSelector } from "./meta.ts";

export type FailurePolicy = "Fail" | "Ignore";
type AdmissionOperation = "*" | "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** Which requests something is about: operations on resources. */
export interface OperationRule {
  operations?: AdmissionOperation[];
  apiGroups?: string[];
  apiVersions?: string[];
  resources?: string[];
  scope?: "*" | "Cluster" | "Namespaced";
}

export interface NamedOperationRule extends OperationRule {
  resourceNames?: string[];
}

export interface MatchCondition {
  name: string;
  expression: string;
}

/** Which requests a policy or a binding is about. */
export interface MatchResources {
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  resourceRules?: NamedOperationRule[];
  excludeResourceRules?: NamedOperationRule[];
  matchPolicy?: "Exact" | "Equivalent";
}

export interface WebhookClientConfig {
  url?: string;
  service?: { namespace: string; name: string; path?: string; port?: number };
  /** Base64. */
  caBundle?: string;
}

export interface Webhook {
  name: string;
  clientConfig: WebhookClientConfig;
  rules?: OperationRule[];
  failurePolicy?: FailurePolicy;
  matchPolicy?: "Exact" | "Equivalent";
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  sideEffects?: "None" | "NoneOnDryRun" | "Some" | "Unknown";
  timeoutSeconds?: number;
  admissionReviewVersions?: string[];
  /** Of mutating webhooks. */
  reinvocationPolicy?: "Never" | "IfNeeded";
  matchConditions?: MatchCondition[];
}

/** admissionregistration.k8s.io/v1 MutatingWebhookConfiguration and ValidatingWebhookConfiguration. */
export interface WebhookConfiguration extends KubeObject {
  webhooks?: Webhook[];
}

export interface PolicyValidation {
  expression: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
}

export interface ParamKind {
  apiVersion?: string;
  kind?: string;
}

/** admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy: rules in CEL. */
export interface ValidatingAdmissionPolicy extends KubeObject {
  spec: {
    paramKind?: ParamKind;
    matchConstraints?: MatchResources;
    validations?: PolicyValidation[];
    failurePolicy?: FailurePolicy;
    auditAnnotations?: { key: string; valueExpression: string }[];
    matchConditions?: MatchCondition[];
    variables?: { name: string; expression: string }[];
  };
  status?: {
    observedGeneration?: number;
    typeChecking?: { expressionWarnings?: { fieldRef: string; warning: string }[] };
    conditions?: Condition[];
  };
}

export interface ParamRef {
  name?: string;
  namespace?: string;
  selector?: LabelSelector;
  parameterNotFoundAction?: "Allow" | "Deny";
}

/** admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding: where a policy holds, and with what. */
export interface ValidatingAdmissionPolicyBinding extends KubeObject {
  spec: {
    policyName?: string;
    paramRef?: ParamRef;
    matchResources?: MatchResources;
    validationActions?: ("Deny" | "Warn" | "Audit")[];
  };
}
