import { describe, expect, test } from "vitest";
import { recorded } from "../base/recorded.ts";
import { masked, OneWorld, type Printed } from "./twin.ts";

/** A file of a session, or a line with what real kubectl 1.33.1 printed against our server, masked. */
interface Step extends Partial<Printed> {
  readonly session: string;
  readonly file?: string;
  readonly text?: string;
  readonly line?: string;
}

const steps = recorded<Step>("kubectl-sessions");

for (const session of new Set(steps.map((one) => one.session))) {
  describe(session, () => {
    const world = new OneWorld();
    for (const [i, step] of steps.filter((one) => one.session === session).entries()) {
      if (step.file !== undefined) world.file(step.file, step.text ?? "");
      else
        test(`${i}: ${step.line}`, async () => {
          const { stdout = "", stderr = "", status = 0 } = step;
          expect(masked(await world.run(step.line ?? ""))).toEqual(masked({ stdout, stderr, status }));
        });
    }
  });
}
