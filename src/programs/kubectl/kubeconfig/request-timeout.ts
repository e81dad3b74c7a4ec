import { type Micros, SECOND } from "../../../base/clock.ts";
import { FormatError } from "../../../base/format-error.ts";
import { parseGoDuration } from "../../../base/go-duration.ts";
import { CommandFault } from "../faults.ts";

/** The value of --request-timeout: whole seconds, or a duration; 0 is for ever (clientcmd.ParseTimeout). */
export function requestTimeout(text: string): Micros {
  if (text === "") return 0;
  const time = /^[+-]?\d+$/.test(text) ? Number(text) * SECOND : durationIn(text);
  if (time !== undefined && time >= 0) return time;
  throw new CommandFault(
    "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)",
  );
}

function durationIn(text: string): Micros | undefined {
  try {
    return parseGoDuration(text);
  } catch (problem) {
    if (problem instanceof FormatError) return undefined;
    throw problem;
  }
}
