import { expect, test } from "vitest";
import { nextCronTime, parseCron } from "../../src/base/cron.ts";
import { parseRfc3339, rfc3339 } from "../../src/base/time.ts";
import { complaint } from "./complaint.ts";
import { recorded } from "./recorded.ts";

const cases = recorded<{ schedule: string; zone?: string; from: string; next?: string[]; error?: string }>("cron");

test.each(cases)("$schedule $zone from $from", ({ schedule, zone, from, next, error }) => {
  if (error !== undefined) {
    expect(complaint(() => parseCron(schedule))).toBe(error);
    return;
  }
  const parsed = parseCron(schedule);
  const times: string[] = [];
  for (let at = nextCronTime(parsed, parseRfc3339(from)!, zone); at !== undefined; ) {
    times.push(rfc3339(at));
    if (times.length === 4) break;
    at = nextCronTime(parsed, at, zone);
  }
  expect(times).toEqual(next);
});
