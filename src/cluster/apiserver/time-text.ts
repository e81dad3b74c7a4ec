import { type Micros, SECOND } from "../../base/clock.ts";
import { rfc3339 } from "../../base/time.ts";

let second = -1;
let text = "";

/** A time as the API writes it. Much is written in one second: all of it shares one text. */
export function timeText(at: Micros): string {
  const wanted = Math.floor(at / SECOND);
  if (wanted !== second) {
    second = wanted;
    text = rfc3339(at);
  }
  return text;
}
