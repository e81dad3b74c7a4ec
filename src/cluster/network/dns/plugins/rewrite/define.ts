import type { DnsRecord } from "../../../../../machine/define-network.ts";
import type { DnsRequest } from "../../define.ts";

/** A rule: what becomes of a question, and of the answer to it; undefined where it does not apply. */
export interface RewriteRule {
  readonly mode: "stop" | "continue";
  apply(request: DnsRequest): Rewritten | undefined;
}

export interface Rewritten {
  readonly request: DnsRequest;
  readonly record?: (record: DnsRecord) => DnsRecord;
}
