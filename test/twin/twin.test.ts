import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type KnownDifferences, readSession } from "./lines.ts";
import { compareSessions, sessions } from "./sessions.ts";

const known = JSON.parse(readFileSync(join(import.meta.dirname, "known-differences.json"), "utf8")) as KnownDifferences;

test("the sessions have at least 900 lines in at least 12 worlds", () => {
  const lines = sessions.flatMap(
    (name) => readSession(readFileSync(join(import.meta.dirname, "lines", name), "utf8")).lines,
  );
  expect(lines.length).toBeGreaterThanOrEqual(900);
  expect(sessions.length).toBeGreaterThanOrEqual(12);
});

test("few lines may differ, and each says why", () => {
  const reasons = Object.values(known).flatMap((lines) => Object.values(lines));
  expect(reasons.length).toBeLessThanOrEqual(10);
  expect(reasons).not.toContain("");
});

compareSessions(0);
