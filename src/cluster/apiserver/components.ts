import { type ComponentStatus, componentStatus } from "../../kinds/component-status.ts";
import type { Kind } from "../../kinds/define.ts";
import { Status } from "../../kinds/status.ts";
import { listenerAt } from "./aggregation/remote-services.ts";
import type { Context } from "./context.ts";
import type { ApiRequest } from "./define.ts";
import type { Outcome } from "./verbs/outcome.ts";

type Condition = NonNullable<ComponentStatus["conditions"]>[number];

export function isComponents(kind: Kind): boolean {
  return kind.plural === componentStatus.plural && kind.group === componentStatus.group;
}

/** Asks the parts of the control plane how they are (kubernetes pkg/registry/core/componentstatus, 1.35). */
export function answerComponents(context: Context, { kind, name }: ApiRequest): Outcome {
  const checks = checksOf(context);
  if (name !== undefined) {
    const check = checks.get(name);
    if (!check) throw new Status("", `Component not found: ${name}`);
    return { what: "object", status: 200, kind, object: statusOf(name, check()) };
  }
  const objects = [...checks].map(([component, check]) => statusOf(component, check()));
  return { what: "page", kind, page: { objects, revision: "" } };
}

function statusOf(name: string, found: Omit<Condition, "type">): ComponentStatus {
  const { apiVersion, kind } = { apiVersion: componentStatus.version, kind: componentStatus.kind };
  return { apiVersion, kind, metadata: { name }, conditions: [{ type: "Healthy", ...found }] };
}

/** The scheduler and the controller manager of the same host, and every etcd that the server knows. */
function checksOf(context: Context): Map<string, () => Omit<Condition, "type">> {
  const checks = new Map<string, () => Omit<Condition, "type">>();
  checks.set("controller-manager", () => askHealth(context, 10257));
  checks.set("scheduler", () => askHealth(context, 10259));
  // This server answers: so its etcd does.
  for (const [index] of (context.flags["etcd-servers"] ?? "").split(",").entries())
    checks.set(`etcd-${index}`, () => ({ message: "ok", status: "True" }));
  return checks;
}

function askHealth(context: Context, port: number): Omit<Condition, "type"> {
  const url = `https://127.0.0.1:${port}/healthz`;
  const listener = listenerAt(context, "127.0.0.1", port);
  if (typeof listener === "string") return { message: `Get "${url}": ${listener}`, status: "False" };
  const answer = listener.http?.({ method: "GET", path: "/healthz", headers: { "user-agent": "kube-probe/1.35" } });
  if (!answer) return { message: `Get "${url}": EOF`, status: "False" };
  if (answer.status >= 200 && answer.status < 400) return { message: String(answer.body ?? ""), status: "True" };
  return { message: `HTTP probe failed with statuscode: ${answer.status}`, status: "False" };
}
