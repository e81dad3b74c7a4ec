import { expect, test } from "vitest";
import { desk } from "./own-kubectl.ts";
import { serve } from "./served.ts";

const words = (line: string) => line.split(" ");

test("reads, writes and streams over HTTPS", async () => {
  const { served } = await serve();
  const { ours, file } = desk(served.kubeconfig);
  expect(await ours(words("get pod p -o jsonpath={.status.phase}"))).toEqual({
    stdout: "Running",
    stderr: "",
    status: 0,
  });
  file("cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: ä}\n");
  expect((await ours(words("apply -f cm.yaml"))).stdout).toBe("configmap/a created\n");
  expect(
    (
      await ours(words("get -f - -o jsonpath={.data.x}"), {
        stdin: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
      })
    ).stdout,
  ).toBe("ä");
  const follow = await ours(words("logs -f --tail=1 p"), { until: /line \d+\nline \d+\n/ });
  expect(follow.stdout).toMatch(/^line \d+\nline \d+\n/);
  expect(follow.status).toBe(1);
  const watch = ours(words("get pods -w --no-headers"), { until: /Terminating/ });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect((await ours(words("delete pod p --grace-period=1"))).status).toBe(0);
  expect((await watch).stdout).toMatch(/^p +1\/1 +Running .*\np +1\/1 +Terminating /);
});

test("exec: stdin, both outputs, the exit code", async () => {
  const { served } = await serve();
  const { ours } = desk(served.kubeconfig);
  const text = "0123456789abcdeü".repeat(20_000);
  const cat = await ours(words("exec -i p -- cat"), { stdin: text });
  expect(cat.stdout === text).toBe(true);
  expect(await ours(["exec", "p", "--", "sh", "-c", "echo out; echo err >&2; exit 7"])).toEqual({
    stdout: "out\n",
    stderr: "err\ncommand terminated with exit code 7\n",
    status: 7,
  });
  expect((await ours(words("exec p -- nope"))).stderr).toMatch(/"nope": executable file not found in \$PATH/);
});

test("cp carries bytes both ways", async () => {
  const { served } = await serve();
  const { ours, file, folder } = desk(served.kubeconfig);
  const text = "some text\n".repeat(10_000);
  file("in", text);
  expect((await ours(words("cp in p:/tmp/x"))).status).toBe(0);
  expect((await ours(words("cp p:/tmp/x out"))).status).toBe(0);
  expect(
    (
      await ours([
        "create",
        "cm",
        "x",
        `--from-file=out=${folder}/out`,
        "--dry-run=client",
        "-o",
        "jsonpath={.data.out}",
      ])
    ).stdout,
  ).toBe(text);
});

test("port-forward opens a real port", async () => {
  const { served, lab } = await serve();
  const { ours } = desk(served.kubeconfig);
  await ours(words("run nginx --image=nginx"));
  lab.wait("nginx", "1/1 Running");
  const asked: { page?: string } = {};
  const forwarding = ours(words("port-forward pod/nginx :80 --address 127.0.0.1"), {
    until: /Handling connection for \d+\n/,
    async saw(stdout) {
      const port = /Forwarding from 127\.0\.0\.1:(\d+) -> 80\n$/.exec(stdout)?.[1];
      if (port) asked.page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    },
  });
  const { stderr } = await forwarding;
  expect(stderr).toBe("");
  expect(asked.page).toContain("Welcome to nginx!");
  expect((await ours(words("port-forward pod/nope 8080:80"))).stderr).toBe(
    'Error from server (NotFound): pods "nope" not found\n',
  );
});

test("the user's own editor, plugins, environment", async () => {
  const { served } = await serve();
  const { ours, file } = desk(served.kubeconfig);
  file("bin/swap", '#!/bin/sh\nsed -i "s/one/two/" "$1"\n', 0o755);
  file("bin/kubectl-hello", '#!/bin/sh\necho "hello $1 $WHO"\nexit 5\n', 0o755);
  await ours(words("create cm a --from-literal=x=one"));
  expect(await ours(words("edit cm a"), { env: { EDITOR: "nope", KUBE_EDITOR: "swap" } })).toEqual({
    stdout: "configmap/a edited\n",
    stderr: "",
    status: 0,
  });
  expect((await ours(words("get cm a -o jsonpath={.data.x}"))).stdout).toBe("two");
  expect((await ours(words("edit cm a"), { env: { EDITOR: "nope" } })).stderr).toBe(
    'error: unable to launch the editor "nope"\n',
  );
  expect(await ours(words("hello you"), { env: { WHO: "me" } })).toEqual({
    stdout: "hello you me\n",
    stderr: "",
    status: 5,
  });
});

const refused = "The connection to the server localhost:8080 was refused - did you specify the right host or port?\n";

test("without a kubeconfig, and with ones that cannot be used", async () => {
  const { ours, file } = desk("");
  expect((await ours(words("get pods"))).stderr).toContain(refused);
  expect((await ours(words("create deployment x --image=y --dry-run=client -o name"))).stdout).toBe(
    "deployment.apps/x\n",
  );
  const user = (text: string) =>
    `clusters: [{name: c, cluster: {server: "https://127.0.0.1:1", insecure-skip-tls-verify: true}}]\ncontexts: [{name: c, context: {cluster: c, user: u}}]\ncurrent-context: c\nusers: [{name: u, user: {${text}}}]\n`;
  const told = async (text: string, more: readonly string[] = []) => {
    file("config", text);
    return (await ours(["get", "pods", "--kubeconfig=config", ...more])).stderr;
  };
  expect(await told(user("exec: {command: x, apiVersion: v1, interactiveMode: Never}"))).toBe(
    'error: credential plugins are not simulated: the user "u" has exec\n',
  );
  expect(await told(user("auth-provider: {name: gcp}"))).toMatch(/^error: The gcp auth plugin has been removed\.\n/);
  expect(await told(user("token: t").replace("insecure", "proxy-url: http://x, insecure"))).toBe(
    "error: proxies (proxy-url) are not simulated\n",
  );
  expect(await told(user("token: 5"))).toBe(
    'error: error loading config file "config": json: cannot unmarshal number into Go struct field AuthInfo.users.user.token of type string\n',
  );
  expect(await told(user("token: t"), ["--request-timeout=x"])).toMatch(/^error: Invalid timeout value\./);
  expect(await told(user(""))).toBe("error: EOF\n");
});
