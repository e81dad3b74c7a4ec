import type { JsonObject } from "../../base/json.ts";
import type { Context } from "./context.ts";
import { csvFlag } from "./flag-types.ts";
import { type Generated, generatedMetadata } from "./generator.ts";
import { servicePort } from "./service-ports.ts";

export const tcpFlag = csvFlag("A port pair, as port or port:targetPort.");

/** A Service of a type, selecting what `kubectl create deployment` of the same name makes. */
export function generatedService(
  context: Context,
  name: string,
  options: {
    readonly type: string;
    readonly tcp: readonly string[];
    readonly nodePort?: number;
    readonly more?: JsonObject;
  },
): Generated {
  const { type, tcp, nodePort = 0, more } = options;
  const labels = { app: name };
  const ports = tcp.map((text) => ({ ...servicePort(text), nodePort }));
  const object: JsonObject = {
    apiVersion: "v1",
    kind: "Service",
    metadata: generatedMetadata(context, name, { labels }),
    spec: { ports, selector: labels, type, ...more },
  };
  return { object, plural: "services", failed: `failed to create ${type} service: ` };
}
