import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { realKubectl } from "../twin/twin.ts";
import { serve } from "./served.ts";

const kubectl = realKubectl();
if (!kubectl) process.stdout.write("test/wire/real-kubectl: no kubectl on the PATH, skipped\n");

interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Runs real kubectl; `until` tells by its output when it should be interrupted. */
async function run(): Promise<(args: readonly string[], options?: { stdin?: string; until?: RegExp }) => Promise<Run>> {
  const { served } = await serve();
  const home = mkdtempSync(join(tmpdir(), "cka-lab-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  writeFileSync(join(home, "config"), served.kubeconfig);
  return (args, { stdin, until } = {}) =>
    new Promise((resolve) => {
      const child = spawn(kubectl ?? "", args, {
        env: { HOME: home, KUBECONFIG: join(home, "config"), PATH: "/usr/bin:/bin" },
      });
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (part) => {
        stdout += part;
        if (until?.test(stdout)) child.kill("SIGINT");
      });
      child.stderr.on("data", (part) => (stderr += part));
      child.on("close", (status) => resolve({ stdout, stderr, status }));
      child.stdin.end(stdin ?? "");
    });
}

test.skipIf(!kubectl)("exec -i gives stdin and ends with the command's exit code", async () => {
  const kubectlOf = await run();
  expect(await kubectlOf(["exec", "-i", "p", "--", "cat"], { stdin: "some\ntext" })).toEqual({
    stdout: "some\ntext",
    stderr: "",
    status: 0,
  });
  expect(await kubectlOf(["exec", "p", "--", "sh", "-c", "exit 7"])).toEqual({
    stdout: "",
    stderr: "command terminated with exit code 7\n",
    status: 7,
  });
});

test.skipIf(!kubectl)("a file of a megabyte goes in and comes out whole", async () => {
  const kubectlOf = await run();
  const text = "0123456789abcdef".repeat(65_536);
  const { stdout, status } = await kubectlOf(
    ["exec", "-i", "p", "--", "sh", "-c", "cat > /tmp/big; wc -c < /tmp/big; cat /tmp/big"],
    { stdin: text },
  );
  expect(status).toBe(0);
  expect(stdout === `1048576\n${text}`).toBe(true);
});

test.skipIf(!kubectl)("logs -f can be interrupted", async () => {
  const kubectlOf = await run();
  const { stdout } = await kubectlOf(["logs", "-f", "--tail=1", "p"], { until: /line \d+\nline \d+\n/ });
  expect(stdout).toMatch(/^line \d+\nline \d+\n/);
});

test.skipIf(!kubectl)("get -w sees a pod go, and can be interrupted", async () => {
  const kubectlOf = await run();
  const watching = kubectlOf(["get", "pods", "-w", "--no-headers"], { until: /Terminating/ });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const deleted = await kubectlOf(["delete", "pod", "p", "--grace-period=1"]);
  expect(deleted.stdout).toMatch(/^pod "p" deleted( from default namespace)?\n$/);
  expect((await watching).stdout).toMatch(/^p +1\/1 +Running .*\np +1\/1 +Terminating /);
});

test.skipIf(!kubectl)("run, wait, delete", async () => {
  const kubectlOf = await run();
  expect((await kubectlOf(["run", "web", "--image=busybox:1.36", "--", "sleep", "100"])).stdout).toBe(
    "pod/web created\n",
  );
  expect((await kubectlOf(["wait", "--for=condition=Ready", "pod/web", "--timeout=20s"])).stdout).toBe(
    "pod/web condition met\n",
  );
  expect((await kubectlOf(["delete", "pod", "web", "--force"])).status).toBe(0);
});
