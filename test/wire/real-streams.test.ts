import { spawn as spawnProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "@lydell/node-pty";
import { expect, onTestFinished, test } from "vitest";
import { realKubectl } from "../twin/twin.ts";
import { serve } from "./served.ts";

const newest = realKubectl();
/** Port-forward goes through a WebSocket since 1.31, plain SPDY before; exec since 1.30. Other versions lie beside the newest. */
const versions = newest
  ? [
      newest,
      newest.replace(/1\.\d+$/, "1.31"),
      newest.replace(/1\.\d+$/, "1.30"),
      newest.replace(/1\.\d+$/, "1.28"),
    ].filter((path, index, all) => existsSync(path) && all.indexOf(path) === index)
  : [];

async function prepare() {
  const { served, lab } = await serve();
  const home = mkdtempSync(join(tmpdir(), "cka-lab-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  writeFileSync(join(home, "config"), served.kubeconfig);
  const env = { HOME: home, KUBECONFIG: join(home, "config"), PATH: "/usr/bin:/bin", TERM: "xterm" };
  return { lab, env };
}

/** Types into real kubectl at a terminal: each answer when what stands before it has been shown. */
function atTerminal(
  env: Record<string, string>,
  args: readonly string[],
  talk: readonly (readonly [shown: RegExp, typed: string])[],
): Promise<{ text: string; status: number }> {
  return new Promise((resolve) => {
    const pty = spawn(newest ?? "", [...args], { cols: 100, rows: 30, env });
    let text = "";
    let from = 0;
    const left = [...talk];
    pty.onData((part) => {
      text += part;
      const [next] = left;
      if (!next?.[0].test(text.slice(from))) return;
      from = text.length;
      left.shift();
      pty.write(next[1]);
    });
    pty.onExit(({ exitCode }) => resolve({ text, status: exitCode }));
  });
}

for (const kubectl of versions)
  test(`port-forward of ${kubectl.split("/").at(-1)} carries bytes to the pod's port`, async () => {
    const { lab, env } = await prepare();
    lab.apply("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}");
    lab.wait("web", "1/1 Running");
    const child = spawnProcess(kubectl, ["port-forward", "--address=127.0.0.1", "web", ":80", ":81"], { env });
    onTestFinished(() => void child.kill());
    let printed = "";
    const ended = new Promise((resolve) => child.on("close", resolve));
    child.stderr.on("data", (part) => (printed += part));
    const ports = await new Promise<string[]>((resolve) =>
      child.stdout.on("data", (part) => {
        printed += part;
        const found = [...printed.matchAll(/127\.0\.0\.1:(\d+) ->/g)].map(([, port]) => port ?? "");
        if (found.length === 2) resolve(found);
      }),
    );
    const answers = await Promise.all([1, 2, 3].map(() => fetch(`http://127.0.0.1:${ports[0]}/`)));
    for (const answer of answers) expect(await answer.text()).toContain("Welcome to nginx!");
    await expect(fetch(`http://127.0.0.1:${ports[1]}/`)).rejects.toThrow();
    expect(await ended).toBe(1);
    expect(printed).toMatch(
      /an error occurred forwarding \d+ -> 81: error forwarding port 81 to pod [0-9a-f]{64}, uid : /,
    );
    expect(printed).toMatch(/error: lost connection to pod\n$/);
  });

test.skipIf(!newest)("exec -it, with a prompt, keys and an exit code", async () => {
  const { env } = await prepare();
  const { text, status } = await atTerminal(
    env,
    ["exec", "-it", "p", "--", "sh"],
    [
      [/[#$] $/, "echo a$((1+1))b\r"],
      [/a2b\r\n[\s\S]*[#$] $/, "exit 5\r"],
    ],
  );
  expect(text).toContain("a2b\r\n");
  expect(text).toMatch(/command terminated with exit code 5\r?\n$/);
  expect(status).toBe(5);
});

test.skipIf(!newest)("run -it --rm, with a shell, ends and deletes its pod", async () => {
  const { env } = await prepare();
  const { text, status } = await atTerminal(
    env,
    ["run", "t", "-it", "--rm", "--restart=Never", "--image=busybox", "--", "sh"],
    [
      [/try pressing enter\.\r\n/, "\r"],
      [/[#$] $/, "echo a$((1+1))b\r"],
      [/a2b\r\n[\s\S]*[#$] $/, "exit\r"],
    ],
  );
  expect(text).toContain("a2b\r\n");
  expect(text).toMatch(/pod "t" deleted( from default namespace)?\r\n$/);
  expect(status).toBe(0);
});

test.skipIf(!newest)("debug -it, in an ephemeral container beside the pod's own", async () => {
  const { env } = await prepare();
  const { text, status } = await atTerminal(
    env,
    ["debug", "-it", "p", "--image=busybox", "--target=main", "--profile=general", "--", "sh"],
    [
      [/try pressing enter\.\r\n/, "\r"],
      [/[#$] $/, "echo a$((1+1))b; exit\r"],
    ],
  );
  expect(text).toMatch(/^Targeting container "main"\. [\s\S]*Defaulting debug container name to debugger-\w{5}\.\r\n/);
  expect(text).toContain("a2b\r\n");
  expect(status).toBe(0);
});
