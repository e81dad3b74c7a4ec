import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type KnownDifferences, readSession } from "./lines.ts";
import { realKubectl, Twin } from "./twin.ts";

const folder = join(import.meta.dirname, "lines");
const known = JSON.parse(readFileSync(join(folder, "../known-differences.json"), "utf8")) as KnownDifferences;

/** The sessions, in the order of their names. */
export const sessions: readonly string[] = readdirSync(folder).sort();

/**
 * Runs every fourth session both ways: four test files share them, because most of their time is waiting. A session that
 * differs is run once more, because real kubectl walks Go's maps in random order and its watches race with the answers.
 */
export function compareSessions(quarter: 0 | 1 | 2 | 3): void {
  const kubectl = realKubectl();
  describe.skipIf(!kubectl)(
    kubectl ? "real kubectl and ours print the same" : "twin skipped: no real kubectl on the PATH",
    () => {
      for (const name of sessions.filter((_name, i) => i % 4 === quarter))
        test(name, { retry: 1, timeout: 240_000 }, async () => {
          const session = readSession(readFileSync(join(folder, name), "utf8"));
          const twin = await Twin.start(kubectl ?? "");
          for (const [file, text] of session.files) twin.file(file, text);
          const different: string[] = [];
          const shouldBeEqual: { line: string; real: unknown; ours: unknown }[] = [];
          const differences = Object.keys(known[name] ?? {});
          try {
            for (const line of session.lines) {
              const { real, ours } = await twin.run(line);
              if (JSON.stringify(real) === JSON.stringify(ours)) continue;
              different.push(line);
              if (!differences.includes(line)) shouldBeEqual.push({ line, real, ours });
            }
          } finally {
            await twin.close();
          }
          for (const { line, real, ours } of shouldBeEqual)
            expect({ line, ...(ours as object) }).toEqual({ line, ...(real as object) });
          // What became equal should leave the list: scripts/twin-suite.ts writes it anew.
          const equalNow = differences.filter((line) => !different.includes(line));
          if (equalNow.length > 0) process.stdout.write(`${name}: equal by now: ${equalNow.join("; ")}\n`);
        });
    },
  );
}
