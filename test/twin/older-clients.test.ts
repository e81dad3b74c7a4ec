import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSession } from "./lines.ts";
import { kubectlVersions, masked, RealWorld } from "./twin.ts";

/** Clients older than the newest that is recorded, all of which a server of 1.35 is to serve. */
const OLDER = [30, 31, 32];
const NEWEST = 33;

/** What an older client prints otherwise of its own accord, by line; up to which version, and why. */
const differences: Readonly<Record<string, readonly [upTo: number, why: string]>> = {
  "kubectl cluster-info": [31, "colours also where no terminal is"],
  "kubectl describe pod box": [32, "ConfigMapOptional: <nil> instead of Optional: false"],
};

const found = kubectlVersions();
const missing = [...OLDER, NEWEST].filter((minor) => !found.has(minor));
const title =
  missing.length === 0
    ? "kubectl 1.30 to 1.32 print what 1.33 prints"
    : `older clients skipped: not beside the kubectl on the PATH: ${missing.map((minor) => `1.${minor}`).join(", ")}`;

describe.skipIf(missing.length > 0)(title, () => {
  const { files, lines } = readSession(readFileSync(join(import.meta.dirname, "older-clients.txt"), "utf8"));
  test("line by line, in equal worlds", { timeout: 240_000 }, async () => {
    const minors = [NEWEST, ...OLDER];
    const worlds = await Promise.all(minors.map((minor) => RealWorld.start(found.get(minor) ?? "")));
    for (const world of worlds) for (const [name, text] of files) world.file(name, text);
    try {
      for (const line of lines) {
        const [newest, ...older] = (await Promise.all(worlds.map((world) => world.run(line)))).map(masked);
        expect({ line, minor: NEWEST, ...newest }).toMatchObject({ status: 0 });
        for (const [i, { stdout, stderr, status }] of older.entries()) {
          const minor = OLDER[i] ?? 0;
          const [upTo = 0] = differences[line] ?? [];
          const expected = { line, minor, status: 0, stdout: minor <= upTo ? expect.anything() : newest?.stdout };
          expect({ line, minor, status, stdout, stderr }).toMatchObject(expected);
        }
      }
    } finally {
      await Promise.all(worlds.map((world) => world.close()));
    }
  });
});
