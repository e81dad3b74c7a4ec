import { expect, test } from "vitest";
import { candidate } from "../../machine/harness.ts";
import { HOME, type ServedHost, servedHost } from "./setup.ts";

function configMap(name: string, data: Record<string, string> = {}) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}

function watching(host: ServedHost, line: string) {
  const env = { HOME, PATH: "/usr/bin:/bin" };
  const running = host.start(["kubectl", ...line.split(" ")], { who: candidate, cwd: `${HOME}/task`, env });
  host.advance(1);
  return running;
}

test("get -w lists, then prints a row for every change, in the columns of the first", () => {
  const host = servedHost([configMap("a-rather-long-name")]);
  const running = watching(host, "get cm -w");
  host.api.create(configMap("b"));
  host.advance(60);
  const b = host.api.get("configmaps", "default", "b");
  host.api.update({ ...b, data: { x: "1" } } as never);
  host.advance(1);
  expect(running.stdout).toBe(
    [
      "NAME                 DATA   AGE",
      "a-rather-long-name   0      0s",
      "b                    0      0s",
      "b                    1      60s",
      "",
    ].join("\n"),
  );
  expect(running.proc.state).toBe("running");
  running.proc.signal("INT");
  host.advance(1);
  // kubectl catches the interrupt of a watch, and ends with 1 (real kubectl 1.33.1 at a terminal).
  expect({ state: running.proc.state, status: running.proc.status }).toEqual({ state: "ended", status: 1 });
});

test("--output-watch-events names the events, --watch-only leaves out what is there", () => {
  const host = servedHost([configMap("a")]);
  const events = watching(host, "get cm -w --output-watch-events");
  const only = watching(host, "get cm a --watch-only -o name");
  host.api.delete(configMap("a") as never);
  host.advance(1);
  expect(events.stdout).toBe(
    ["EVENT   NAME   DATA   AGE", "ADDED   a      0      0s", "DELETED   a      0      2s", ""].join("\n"),
  );
  expect(only.stdout).toBe("configmap/a\n");
});

test("a watch ends when the server does", () => {
  const host = servedHost();
  const running = watching(host, "get pods -w");
  host.server.stop();
  host.advance(1);
  expect(running.proc.state).toBe("ended");
});
