import type { Kind } from "../../../kinds/define.ts";
import type { AuditPolicy } from "./policy.ts";

/** Where requests are recorded (--audit-policy-file with --audit-log-path). */
export interface AuditLog {
  readonly policy: AuditPolicy;
  /** --audit-log-format: one JSON object a line, or the older text. */
  readonly format: "json" | "legacy";
  write(line: string): void;
}

/** What is told of the request at hand while it is answered. */
export interface AuditTrail {
  /** A remark of admission's; the first of a key stays. */
  annotate(key: string, value: string): void;
  /** What the client has sent; an object of a kind is shown with its defaults. */
  sent(body: unknown, kind?: Kind): void;
}
