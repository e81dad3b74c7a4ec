import type { PodTemplateSpec } from "./types/pod.ts";

/** The ports that a template's containers name. */
export function portsOfTemplate(template: PodTemplateSpec): { name?: string; port: number; protocol: string }[] {
  return template.spec.containers.flatMap(({ ports = [] }) =>
    ports.map(({ name, containerPort, protocol = "TCP" }) => ({
      ...(name ? { name } : {}),
      port: containerPort,
      protocol,
    })),
  );
}
