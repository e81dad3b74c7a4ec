import type { Container, Handler, PodSpec, PodTemplateSpec, Probe } from "../types/pod.ts";
import { pullPolicyOf } from "./image.ts";
import { canonicalList } from "./quantities.ts";
import { itemDefaults, volumeDefaults } from "./volumes.ts";

/** Fills in what a pod's spec left out, its own or a template's (core/v1 defaults.go, 1.35). */
export function podSpecDefaults(spec: PodSpec): void {
  spec.dnsPolicy ||= "ClusterFirst";
  spec.restartPolicy ||= "Always";
  spec.schedulerName ||= "default-scheduler";
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (account) {
    spec.serviceAccountName = account;
    // The older name of the same field is kept equal.
    spec.serviceAccount = account;
  }
  for (const volume of spec.volumes ?? []) volumeDefaults(volume);
  spec.containers ??= [];
  for (const container of spec.containers) containerDefaults(container);
  for (const container of spec.initContainers ?? []) containerDefaults(container);
  for (const container of spec.ephemeralContainers ?? []) containerDefaults(container);
  canonicalList(spec.resources?.requests);
  canonicalList(spec.resources?.limits);
  canonicalList(spec.overhead);
}

/** Fills in what a workload's pod template left out. */
export function podTemplateDefaults(spec: { template: PodTemplateSpec }): void {
  spec.template ??= { spec: { containers: [] } };
  spec.template.metadata ??= {};
  spec.template.spec ??= { containers: [] };
  podSpecDefaults(spec.template.spec);
}

/** Fills in what a container left out. */
export function containerDefaults(container: Container): void {
  container.imagePullPolicy ||= pullPolicyOf(container.image ?? "");
  container.terminationMessagePath ||= "/dev/termination-log";
  container.terminationMessagePolicy ||= "File";
  container.resources ??= {};
  canonicalList(container.resources.requests);
  canonicalList(container.resources.limits);
  for (const port of container.ports ?? []) port.protocol ||= "TCP";
  for (const variable of container.env ?? []) if (variable.valueFrom) itemDefaults(variable.valueFrom);
  probeDefaults(container.livenessProbe);
  probeDefaults(container.readinessProbe);
  probeDefaults(container.startupProbe);
  handlerDefaults(container.lifecycle?.postStart);
  handlerDefaults(container.lifecycle?.preStop);
}

function probeDefaults(probe: Probe | undefined): void {
  if (!probe) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  handlerDefaults(probe);
  if (probe.grpc) probe.grpc.service ??= "";
}

function handlerDefaults(handler: Handler | undefined): void {
  if (!handler?.httpGet) return;
  handler.httpGet.path ||= "/";
  handler.httpGet.scheme ||= "HTTP";
}
