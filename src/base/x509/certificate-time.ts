import { type Micros, SECOND } from "../clock.ts";
import { bytesOf } from "../text-bytes.ts";
import { parseRfc3339, rfc3339 } from "../time.ts";
import * as der from "./der.ts";

/** A point in time as certificates write it: UTCTime up to 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). */
export function certificateTime(at: Micros): der.Der {
  const digits = rfc3339(at).replace(/[-:TZ]/g, "");
  return Number(digits.slice(0, 4)) < 2050
    ? der.tagged(0x17, bytesOf(`${digits.slice(2)}Z`))
    : der.tagged(0x18, bytesOf(`${digits}Z`));
}

/** The time in a UTCTime or GeneralizedTime; 0 where there is none. */
export function micros(node: der.Node | undefined): Micros {
  if (!node) return 0;
  const text = der.textIn(node);
  const full = node.tag === 0x17 ? `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if (!parts) return 0;
  const [, year, month, day, hour, minute, second] = parts;
  const at = parseRfc3339(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return at === undefined ? 0 : Math.floor(at / SECOND) * SECOND;
}
