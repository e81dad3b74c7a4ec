import { readFileSync } from "node:fs";
import type { MergeSchema } from "../../../src/base/patch/merge-schema.ts";

interface MergeKeyRow {
  type: string;
  field: string;
  strategy: string | null;
  mergeKey: string | null;
}

const rows: MergeKeyRow[] = JSON.parse(
  readFileSync(new URL("../../corpus/merge-keys.json", import.meta.url), "utf8"),
).filter((row: MergeKeyRow) => row.strategy !== null);

/** Which type stands in which field, as far as the merge keys need it. `*` is any key of a map. */
const types: Record<string, Record<string, string>> = {
  Pod: { metadata: "meta.v1.ObjectMeta", spec: "core.v1.PodSpec", status: "core.v1.PodStatus" },
  Deployment: { metadata: "meta.v1.ObjectMeta", spec: "apps.v1.DeploymentSpec", status: "apps.v1.DeploymentStatus" },
  StatefulSet: { metadata: "meta.v1.ObjectMeta", spec: "apps.v1.StatefulSetSpec", status: "apps.v1.StatefulSetStatus" },
  Service: { metadata: "meta.v1.ObjectMeta", spec: "core.v1.ServiceSpec", status: "core.v1.ServiceStatus" },
  Node: { metadata: "meta.v1.ObjectMeta", spec: "core.v1.NodeSpec", status: "core.v1.NodeStatus" },
  PodDisruptionBudget: { metadata: "meta.v1.ObjectMeta", spec: "policy.v1.PodDisruptionBudgetSpec" },
  CronJob: { metadata: "meta.v1.ObjectMeta", spec: "batch.v1.CronJobSpec" },
  ServiceAccount: { metadata: "meta.v1.ObjectMeta" },
  ValidatingWebhookConfiguration: {
    metadata: "meta.v1.ObjectMeta",
    webhooks: "admissionregistration.v1.ValidatingWebhook",
  },
  "apps.v1.DeploymentSpec": { template: "core.v1.PodTemplateSpec" },
  "apps.v1.StatefulSetSpec": { template: "core.v1.PodTemplateSpec" },
  "batch.v1.CronJobSpec": { jobTemplate: "batch.v1.JobTemplateSpec" },
  "batch.v1.JobTemplateSpec": { metadata: "meta.v1.ObjectMeta", spec: "batch.v1.JobSpec" },
  "batch.v1.JobSpec": { template: "core.v1.PodTemplateSpec" },
  "core.v1.PodTemplateSpec": { metadata: "meta.v1.ObjectMeta", spec: "core.v1.PodSpec" },
  "core.v1.PodSpec": {
    containers: "core.v1.Container",
    initContainers: "core.v1.Container",
    ephemeralContainers: "core.v1.EphemeralContainer",
  },
};
const kindTypes: Record<string, string> = {
  ServiceAccount: "core.v1.ServiceAccount",
  ValidatingWebhookConfiguration: "admissionregistration.v1.ValidatingWebhookConfiguration",
};

/** The merge schema of a type, made of merge-keys.json and the table above. */
export function typeTable(name: string): MergeSchema {
  const type = kindTypes[name] ?? name;
  return {
    field(field) {
      const row = rows.find((one) => one.type === type && one.field === field);
      const inner = types[name]?.[field] ?? "none";
      return {
        type: typeTable(inner),
        ...(row ? { patchStrategy: row.strategy?.split(",") ?? [] } : {}),
        ...(row?.mergeKey ? { mergeKey: row.mergeKey } : {}),
      };
    },
  };
}
