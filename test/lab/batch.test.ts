import { expect, test } from "vitest";
import { type BatchOptions, type BatchResult, batch, typed } from "../../src/lab/batch.ts";
import { makeWorld } from "../../src/lab/make-world.ts";

const plan = { name: "base", hosts: [{ name: "base", role: "none" as const }] };

async function run(text: string, options: Partial<BatchOptions> = {}): Promise<BatchResult & { seconds: number }> {
  const { world, ports } = makeWorld(plan, "1");
  const from = world.clock.now;
  const host = world.machines.get("base")!;
  const result = await batch(world, ports, host, { user: "candidate", argv: typed(text), ...options });
  return { ...result, seconds: (world.clock.now - from) / 1_000_000 };
}

test("stdin, stdout, stderr and the status go through", async () => {
  const result = await run("cat; echo oops >&2; exit 7", { stdin: "hello\n" });
  expect(result).toMatchObject({ status: 7, stdout: "hello\n", stderr: "oops\n" });
});

test("time jumps", async () => {
  const wall = performance.now();
  const { seconds, status } = await run("sleep 3600");
  expect(status).toBe(0);
  expect(seconds).toBeGreaterThanOrEqual(3600);
  expect(seconds).toBeLessThan(3601);
  expect(performance.now() - wall).toBeLessThan(3000);
});

test("a login shell with its home and user, and aliases as at a prompt", async () => {
  expect((await run("alias hi='echo hi'\nhi $USER $PWD")).stdout).toBe("hi candidate /home/candidate\n");
});

test.each([
  ["an endless loop", "while :; do :; done", { slices: 3000 }, "it computes for ever"],
  ["an endless wait", "sleep infinity", { seconds: 60 }, "it did not end within 60 seconds of the cluster's time"],
  ["endless output", "yes", { output: 100_000 }, "it wrote more than 100000 characters"],
])("%s is broken off", async (_what, text, limits, problem) => {
  expect(await run(text, { limits })).toMatchObject({ status: 124, problem });
});

test("the same lines give the same world", async () => {
  const lines = "mktemp; echo $RANDOM $$; date +%s.%N; ls -l /tmp";
  expect(await run(lines)).toEqual(await run(lines));
});

test("jq is the real one, and takes no time", async () => {
  const { stdout, seconds } = await run(`echo '{"a":[1,2,{"b":"x"}]}' | /usr/bin/jq -r '.a[2].b' 2>&1 || true`);
  // The base host has no jq.
  expect(stdout).toContain("No such file or directory");
  expect(seconds).toBeLessThan(1);
});
