import { expect, test } from "vitest";
import { kubectlHost, servedHost } from "./setup.ts";

const host = kubectlHost();

/** Answers of kubectl 1.33.1 to faulty command lines. */
const faults: readonly (readonly [line: string, stderr: string])[] = [
  ["delet pods", 'error: unknown command "delet" for "kubectl"\n\nDid you mean this?\n\tdelete\n'],
  ["gets", 'error: unknown command "gets" for "kubectl"\n\nDid you mean this?\n\tset\n\tget\n'],
  ["zzz", 'error: unknown command "zzz" for "kubectl"\n'],
  ["-n x foo", "Error: flags cannot be placed before plugin name: -n\n"],
  ["--bogus get pods", "Error: flags cannot be placed before plugin name: --bogus\n"],
  ["-x", "error: unknown shorthand flag: 'x' in -x\nSee 'kubectl --help' for usage.\n"],
  ["-n", "error: flag needs an argument: 'n' in -n\nSee 'kubectl --help' for usage.\n"],
  ["get pods -Q", "error: unknown shorthand flag: 'Q' in -Q\nSee 'kubectl get --help' for usage.\n"],
  ["get pods -hx", "error: unknown shorthand flag: 'x' in -x\nSee 'kubectl get --help' for usage.\n"],
  ["get pods --output", "error: flag needs an argument: --output\nSee 'kubectl get --help' for usage.\n"],
  [
    "get --chunk-size=x pods",
    'error: invalid argument "x" for "--chunk-size" flag: strconv.ParseInt: parsing "x": invalid syntax\nSee \'kubectl get --help\' for usage.\n',
  ],
  [
    "version --client=maybe",
    'error: invalid argument "maybe" for "--client" flag: strconv.ParseBool: parsing "maybe": invalid syntax\nSee \'kubectl version --help\' for usage.\n',
  ],
  ["rollout foo", "error: unknown command \"foo\"\nSee 'kubectl rollout -h' for help and examples\n"],
  ["config set-context", "error: you must specify a non-empty context name or --current\n"],
  ["config view x", "error: unexpected arguments: [x]\nSee 'kubectl config view -h' for help and examples\n"],
];

test.each(faults)("kubectl %s", (line, stderr) => {
  const ended = host.kubectl(line);
  expect({ stderr: ended.stderr, status: ended.status }).toEqual({ stderr, status: 1 });
});

/** Different ways to write the same. */
const same: readonly (readonly string[])[] = [
  [
    "get pods -o name -A",
    "get pods -oname -A",
    "get pods -o=name --all-namespaces",
    "get -Ao name pods",
    "-n x get pods --output name --all_namespaces=true",
  ],
  [
    "get cm --show-labels --no-headers",
    "get --no-headers cm --show-labels=true -n=default",
    "get -ndefault cm --no-headers=1 --show-labels",
  ],
];

test.each(same)("%s is also written in other ways", (first, ...others) => {
  const served = servedHost([
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "default", labels: { x: "y" } } },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web", namespace: "default" },
      spec: { containers: [{ name: "c", image: "nginx" }] },
    },
  ]);
  const wanted = served.kubectl(first ?? "");
  expect(wanted.stdout).not.toBe("");
  for (const line of others) expect(served.kubectl(line)).toEqual(wanted);
});

test("every command has help of its own", () => {
  const listed = host.kubectl("--help").stdout.matchAll(/^ {2}([a-z-]+) {2,}/gm);
  for (const [, name = ""] of listed) {
    const { stdout, status } = host.kubectl(`${name} --help`);
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage:\n  kubectl ${name}`);
  }
});

test("words are completed from the server, the kubeconfig and the flags", () => {
  const served = servedHost([
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "alpha", namespace: "default" } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "beta", namespace: "kube-system" } },
  ]);
  const words = (line: readonly string[]) =>
    served
      .kubectl(["__completeNoDesc", ...line])
      .stdout.split("\n")
      .slice(0, -2);
  expect(words(["get", "conf"])).toEqual(["configmaps"]);
  expect(words(["get", "cm", ""])).toEqual(["alpha"]);
  expect(words(["get", "-n", "kube-system", "cm", "be"])).toEqual(["beta"]);
  expect(words(["describe", "cm/al"])).toEqual(["cm/alpha"]);
  expect(words(["-n", "kube-s"])).toEqual(["kube-system"]);
  expect(words(["config", "use-"])).toEqual(["use-context"]);
  expect(words(["config", "use-context", ""])).toEqual(["lab"]);
  expect(words(["get", "pods", "--show-"])).toEqual(["--show-kind", "--show-labels", "--show-managed-fields"]);
  expect(words(["get", "pods", "-o", "custom"])).toEqual(["custom-columns", "custom-columns-file"]);
  expect(words(["cre"])).toEqual(["create"]);
});
