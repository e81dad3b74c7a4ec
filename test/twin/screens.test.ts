import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPlay, Stage } from "./screens.ts";
import { realKubectl } from "./twin.ts";

const folder = join(import.meta.dirname, "screens");
const kubectl = realKubectl();

const title = kubectl
  ? "real kubectl and ours show the same at a terminal"
  : "screens skipped: no real kubectl on the PATH";

describe.skipIf(!kubectl)(title, () => {
  for (const name of readdirSync(folder).sort())
    test(name, async () => {
      const play = readPlay(readFileSync(join(folder, name), "utf8"));
      const stages = await Promise.all(["real" as const, "ours" as const].map((one) => Stage.open(kubectl ?? "", one)));
      try {
        const [real, ours] = await Promise.all(stages.map((stage) => stage.play(play)));
        for (const screen of real ?? [])
          expect(screen, "the session itself never ended").not.toMatchObject({ status: 124 });
        expect(ours).toEqual(real);
      } finally {
        await Promise.all(stages.map((stage) => stage.close()));
      }
    }, 300_000);
});
