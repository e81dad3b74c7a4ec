import type { AuditPolicy } from "./policy.ts";

/** Where requests are recorded (--audit-policy-file with --audit-log-path). */
export interface AuditLog {
  readonly policy: AuditPolicy;
  /** --audit-log-format: one JSON object a line, or the older text. */
  readonly format: "json" | "legacy";
  write(line: string): void;
}
