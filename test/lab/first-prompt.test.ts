import { expect, onTestFinished, test } from "vitest";
import { openShell } from "../../src/lab/attempts.ts";
import { firstPrompt } from "../../src/lab/first-prompt.ts";
import { Library } from "../../src/lab/library.ts";
import { usualHost, usualWorld } from "../../src/lab/usual-world.ts";
import { ManualClock, TestScreen, until } from "./fixture.ts";

const library = new Library();

/** What a session on a host of a world really shows first. */
async function real(world: string, host: string) {
  const clock = new ManualClock();
  const lab = openShell({ world, host, library, clock });
  const session = lab.open();
  const screen = new TestScreen();
  session.attach(screen);
  lab.start((error) => {
    throw error;
  });
  onTestFinished(() => lab.stop());
  await until(clock, () => session.request !== undefined, "a prompt");
  return { output: screen.text, prompt: session.request?.prompt, history: session.request?.history };
}

test.each(library.worldNames)("every host of the world %s asks what was foreseen", async (world) => {
  const [host = ""] = library
    .world(world)
    .plan(usualHost)
    .hosts.map(({ name }) => name)
    .slice(-1);
  for (const name of new Set([usualHost, host])) {
    const foreseen = firstPrompt(name);
    expect({ output: "", prompt: foreseen?.prompt, history: foreseen?.history }).toEqual(await real(world, name));
  }
});

test("the usual world has the usual host", () => {
  expect(
    library
      .world(usualWorld)
      .plan(usualHost)
      .hosts.map(({ name }) => name),
  ).toContain(usualHost);
});
