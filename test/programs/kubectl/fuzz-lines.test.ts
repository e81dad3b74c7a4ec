import fc from "fast-check";
import { expect, test } from "vitest";
import { SECOND } from "../../../src/base/clock.ts";
import type { World } from "../../../src/cluster/world.ts";
import { makeWorld } from "../../../src/lab/make-world.ts";
import { root } from "../../../src/machine/define-files.ts";
import { textReader, textWriter } from "../../../src/machine/text-files.ts";
import type { Flag } from "../../../src/programs/kubectl/define.ts";
import { globalFlags } from "../../../src/programs/kubectl/global-flags.ts";
import { kubectl } from "../../../src/programs/kubectl/index.ts";
import { groups, verbs } from "../../../src/programs/kubectl/verbs/index.ts";

const LINES = 10_000;
const SEED = Number(process.env.CKA_LAB_FUZZ_SEED ?? 20_261);
/** After so many lines the world is a new one: some lines take a cluster apart. */
const LINES_PER_WORLD = 400;
const WORK = "/root/work";

const files: Readonly<Record<string, string>> = {
  "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: nginx}]}\n",
  "deploy.yaml":
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: c, image: nginx}]}\n",
  "list.yaml": "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: l}}\n- 3\n",
  "two.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: two}\ndata: {k: '!!'}\n",
  "bad.yaml": "a: [\n",
  "odd.yaml": "apiVersion: 3\nkind: [a]\nmetadata: no\nspec: null\n",
  "unknown.yaml": "apiVersion: example.com/v1\nkind: Foo\nmetadata: {name: x}\n",
  "empty.yaml": "",
  "binary.yaml": "\u0000\udcff\udcfe\u0001",
  "kustomization.yaml": "resources: [pod.yaml]\nnamePrefix: a-\n",
};

const names = [
  "web",
  "nginx",
  "default",
  "kube-system",
  "controlplane",
  "worker",
  "p",
  "coredns",
  "no-such",
  "kubernetes",
];
const types = [
  "pods",
  "po",
  "pod",
  "deploy",
  "deployments.apps",
  "svc",
  "cm",
  "secret",
  "nodes",
  "no",
  "ns",
  "sa",
  "rs",
  "ds",
  "sts",
  "jobs",
  "cj",
  "ing",
  "netpol",
  "pv",
  "pvc",
  "sc",
  "events",
  "roles",
  "clusterrolebinding",
  "hpa",
  "pdb",
  "crd",
  "all",
  "pods,svc",
  "nope",
  "endpointslices",
  "leases",
  "componentstatuses",
  "pod.v1.",
  "deployments.v1.apps",
  "quota",
];
const plain = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom(...types),
  fc.tuple(fc.constantFrom(...types), fc.constantFrom(...names)).map(([type, name]) => `${type}/${name}`),
  fc.constantFrom(...Object.keys(files)),
  fc.constantFrom(
    "a=b",
    "a-",
    "a=b,c=d",
    "a!=b",
    "a in (b,c)",
    "key=value:NoSchedule",
    "key:NoExecute-",
    "nginx=nginx:1.27",
    "*=x",
    "ENV=1",
    "80",
    "8080:80",
    ":80",
    "p:/etc/hosts",
    "./x",
    "..",
    "/",
    "get",
    "list",
    "create",
    "pods.spec.containers",
    "user",
    "current-context",
    "contexts.a.namespace",
    "bash",
    "zsh",
    "view",
    "-",
    "all",
  ),
);
const odd = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "",
      " ",
      "--",
      "-",
      "=",
      "/",
      "//",
      "a/b/c",
      ",",
      "\n",
      "\t",
      "\u0000",
      "é",
      "日本",
      "\ud800",
      "\udc80x",
      "💥",
      "'",
      '"',
      "{",
      "}",
      "{.items",
      "[",
      "]",
      "$",
      "%s",
      "\\",
      "..",
      "~",
      "-1",
      "0",
      "1e400",
      "NaN",
      "true",
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
    ),
  },
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "x".repeat(10_000),
      "a=".repeat(3000),
      "/".repeat(2000),
      "{".repeat(2000),
      "(".repeat(1000),
    ),
  },
);
const texts = fc.constantFrom(
  "yaml",
  "json",
  "wide",
  "name",
  "jsonpath={.items[*].metadata.name}",
  "jsonpath={.a[",
  "jsonpath={range .items[*]}{.kind}{end}",
  "go-template={{range .items}}{{.kind}}{{end}}",
  "go-template={{",
  "custom-columns=N:.metadata.name",
  "custom-columns=N",
  "jsonpath-file=pod.yaml",
  "client",
  "server",
  "none",
  "a=b",
  "app=web,b!=c",
  "metadata.name=web",
  "status.phase=Running",
  "status.x=y",
  "nginx",
  "busybox:1.36",
  "kube-system",
  "default",
  "5s",
  "10",
  "1h",
  "-1",
  "condition=Ready",
  "delete",
  "jsonpath={.status.phase}=Running",
  "{.metadata.name}",
  '{"spec":{"replicas":2}}',
  '[{"op":"remove","path":"/spec"}]',
  "{",
  "Never",
  "get,list",
  "pods",
  "/healthz",
  "cpu=1",
  "cpu=100m,memory=1Gi",
  "cpu=x",
  "ClusterIP",
  "Background",
  "orphan",
  "pod.yaml",
  "bad.yaml",
  "list.yaml",
  "two.yaml",
  "odd.yaml",
  "empty.yaml",
  "binary.yaml",
  "unknown.yaml",
  ".",
  "nope.yaml",
  "http://example.com/x.yaml",
  "/etc/hosts",
  "merge",
  "strategic",
);

/** What stands after a flag where somebody means it. */
const meant: Readonly<Record<string, readonly string[]>> = {
  output: [
    "yaml",
    "json",
    "wide",
    "name",
    "jsonpath={.items[*].metadata.name}",
    "go-template={{.kind}}",
    "custom-columns=N:.metadata.name",
  ],
  filename: ["pod.yaml", "deploy.yaml", "list.yaml", "two.yaml", "odd.yaml", "unknown.yaml", "empty.yaml", ".", "-"],
  kustomize: [".", "nope"],
  selector: ["app=nginx", "run=web", "a!=b", "x in (y)"],
  "field-selector": ["metadata.name=web", "status.phase=Running", "spec.nodeName!=worker"],
  namespace: ["default", "kube-system", "none"],
  container: ["nginx", "web", "none"],
  image: ["nginx:1.27", "busybox:1.36", "x y"],
  "dry-run": ["client", "server", "none"],
  type: ["merge", "json", "strategic", "ClusterIP", "NodePort"],
  patch: [
    '{"metadata":{"labels":{"a":"b"}}}',
    '[{"op":"add","path":"/metadata/labels","value":{}}]',
    '{"spec":null}',
    "{",
    "[]",
    "3",
  ],
  "sort-by": [".metadata.name", "{.status.phase}", ".spec.x[0]", "{"],
  for: ["delete", "create", "condition=Ready", "jsonpath={.status.phase}=Running", "x"],
  revision: ["0", "1", "2", "99"],
  "to-revision": ["0", "1", "99"],
  overrides: ['{"spec":{"hostNetwork":true}}', "{", "[]", "3"],
  raw: ["/healthz", "/api/v1/namespaces", "/nope", ""],
  subresource: ["status", "scale", "resize", "x"],
  as: ["bob", "system:serviceaccount:default:default", "system:admin"],
  "request-timeout": ["1s", "5", "0", "x"],
  v: ["1", "6", "7", "8", "9", "10"],
  rule: ["a.com/x=nginx:80", "a.com/*=nginx:http,tls=s", "x"],
  verb: ["get", "get,list", "*", "x"],
  resource: ["pods", "pods/log", "deployments.apps", "*", "x"],
  "from-literal": ["a=b", "a", "=b"],
  "from-file": ["pod.yaml", "k=pod.yaml", "binary.yaml", ".", "nope"],
  "from-env-file": ["pod.yaml", "empty.yaml", "nope"],
  port: ["80", "http", "99999", "a:1:2"],
  tcp: ["80:80", "80", "x:y", "0"],
  replicas: ["0", "1", "3", "-1"],
  schedule: ["* * * * *", "@daily", "x"],
  env: ["A=b", "A-", "=", "A"],
};

function valueFor(name: string, { type }: Flag): fc.Arbitrary<string> {
  const usual = meant[name];
  if (usual) return fc.constantFrom(...usual);
  switch (type) {
    case "bool":
      return fc.constantFrom("true", "false", "maybe", "");
    case "int":
    case "int32":
    case "int64":
      return fc.constantFrom("0", "1", "2", "-1", "80", "0x10", "99999999999999999999", "x", "");
    case "duration":
      return fc.constantFrom("0", "1s", "10s", "-1s", "5m", "1h", "5", "x", "");
    default:
      return texts;
  }
}

const flagWord = (name: string, flag: Flag): fc.Arbitrary<readonly string[]> =>
  fc
    .tuple(
      fc.oneof(
        { weight: 20, arbitrary: valueFor(name, flag) },
        { weight: 2, arbitrary: plain },
        { weight: 1, arbitrary: odd },
      ),
      fc.constantFrom("=", "=", " ", " ", "bare", "short"),
    )
    .map(([value, how]) => {
      if (how === "=") return [`--${name}=${value}`];
      if (how === "bare" || flag.bare !== undefined) return [`--${name}`];
      if (how === "short" && flag.short !== undefined) return [`-${flag.short}${value}`];
      return [`--${name}`, value];
    });

const globals = Object.entries(globalFlags as Readonly<Record<string, Flag>>).map(([name, flag]) =>
  flagWord(name, flag),
);
const commands = [...verbs, ...groups];

/** The words of a line after `kubectl`: a command's own grammar, now and then broken. */
const line: fc.Arbitrary<readonly string[]> = fc.constantFrom(...commands).chain((command) => {
  const own = Object.entries(("flags" in command ? command.flags : undefined) ?? {}).map(([name, flag]) =>
    flagWord(name, flag as Flag),
  );
  const word = fc.oneof(
    { weight: 8, arbitrary: plain.map((one) => [one]) },
    { weight: 1, arbitrary: odd.map((one) => [one]) },
  );
  const anyFlag = fc.oneof(
    { weight: own.length > 0 ? 8 : 0, arbitrary: own.length > 0 ? fc.oneof(...own) : fc.constant([]) },
    { weight: 1, arbitrary: fc.oneof(...globals) },
    { weight: 1, arbitrary: odd.map((text) => [`--${text}`]) },
  );
  const part = fc.oneof(
    { weight: 5, arbitrary: word },
    { weight: 4, arbitrary: anyFlag },
    { weight: 1, arbitrary: fc.constant(["--"]) },
  );
  return fc
    .tuple(fc.array(part, { maxLength: 6 }), fc.integer({ min: 0, max: 30 }))
    .map(([parts, dice]) => [
      ...(dice === 0 ? [] : dice === 1 ? command.path.slice(1) : command.path),
      ...parts.flat(),
    ]);
});

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly interrupted: boolean;
}

/** A cluster with something in it, and kubectl's files. */
function freshWorld(): World {
  const hosts = [
    { name: "controlplane", role: "control-plane" },
    { name: "worker", role: "worker" },
  ] as const;
  const { world } = makeWorld({ name: "fuzz", hosts }, "fuzz");
  const host = world.controlPlane;
  host.files.mkdir(WORK, root);
  for (const [name, text] of Object.entries(files)) host.files.write(`${WORK}/${name}`, text, root);
  for (const made of [
    "create deploy nginx --image=nginx",
    "run web --image=nginx",
    "expose deploy nginx --port=80",
    "create cm p --from-literal=a=b",
  ])
    runLine(world, made.split(" "));
  world.advance(20);
  return world;
}

/** Runs a line as root on the control plane. Throws where kubectl throws, never ends, or does not end at Ctrl-C. */
function runLine({ controlPlane: machine, clock, kernel }: World, argv: readonly string[]): Ended {
  const printed = { stdout: [] as string[], stderr: [] as string[] };
  const proc = machine.start({
    argv: ["kubectl", ...argv],
    env: new Map([
      ["HOME", "/root"],
      ["PATH", "/usr/local/bin:/usr/bin:/bin"],
      ["KUBE_EDITOR", "true"],
    ]),
    cwd: WORK,
    credentials: root,
    terminal: null,
    group: "new",
    fds: new Map([
      [0, textReader(files["pod.yaml"] ?? "")],
      [1, textWriter((text) => printed.stdout.push(text))],
      [2, textWriter((text) => printed.stderr.push(text))],
    ]),
    body: (self) => kubectl.run(self, argv),
  });
  const [start, slices] = [clock.now, kernel.slices];
  let interrupted = false;
  while (proc.state !== "ended") {
    if (!clock.runNext()) throw new Error("it waits for something that never comes");
    if (kernel.slices > slices + 50_000) throw new Error("it computes for ever");
    if (clock.now > start + 60 * SECOND) throw new Error("it does not end at Ctrl-C");
    if (!interrupted && clock.now > start + 2 * SECOND) {
      interrupted = true;
      for (const one of [...machine.processes.values()]) if (one.group === proc.group) one.signal("INT");
    }
  }
  return { stdout: printed.stdout.join(""), stderr: printed.stderr.join(""), status: proc.status, interrupted };
}

/** Verbs whose exit status is an answer, or another program's. */
const ownStatus = /^(diff|exec|run|debug|attach|auth can-i|alpha)\b/;

/** What is wrong with the way a command ended; undefined where it ended as kubectl does. */
function fault(argv: readonly string[], { status, stdout, stderr, interrupted }: Ended): string | undefined {
  if (/Cannot allocate memory|^\s+at .*\.ts:\d+/m.test(stderr)) return `it crashed: ${stderr}`;
  if (/\[object |\bundefined\b(?! in|: )/.test(stderr) && !argv.join(" ").includes("undefined"))
    return `stderr says ${stderr}`;
  if (status === 0 || interrupted) return undefined;
  // A command that only holds others answers with its help (cmdutil.DefaultSubCommandRun).
  if (stdout.includes("Usage:")) return undefined;
  if (stderr === "" && !ownStatus.test(argv.join(" "))) return `status ${status} without a word`;
  if (status !== 1 && !ownStatus.test(argv.join(" "))) return `status ${status}`;
  return undefined;
}

test("10,000 command lines: never an exception, never a hang, always an answer", () => {
  const wrong: string[] = [];
  let world: World | undefined;
  fc.sample(line, { numRuns: LINES, seed: SEED }).forEach((argv, i) => {
    if (i % LINES_PER_WORLD === 0) world = undefined;
    world ??= freshWorld();
    let problem: string | undefined;
    try {
      problem = fault(argv, runLine(world, argv));
    } catch (error) {
      problem = error instanceof Error ? String(error.stack) : String(error);
      world = undefined;
    }
    if (problem !== undefined) wrong.push(`${JSON.stringify(argv).slice(0, 300)}: ${problem.slice(0, 600)}`);
  });
  expect(wrong).toEqual([]);
}, 120_000);
