import { parseRfc3339, rfc1123z } from "../../base/time.ts";
import type { Time } from "../types/meta.ts";

/** A time as describe prints it; Go's zero time where it is not set. Hosts of the lab keep UTC. */
export function dateText(time: Time | null | undefined): string {
  const at = time ? parseRfc3339(time) : undefined;
  return at === undefined ? "Mon, 01 Jan 0001 00:00:00 +0000" : rfc1123z(at);
}
