import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { base64Of } from "../../../src/base/base64.ts";
import { SECOND } from "../../../src/base/clock.ts";
import { Random } from "../../../src/base/random.ts";
import { bytesOf } from "../../../src/base/text-bytes.ts";
import { newKey } from "../../../src/base/x509/key.ts";
import type { PrivateKey } from "../../../src/base/x509/private-key.ts";
import { bootstrapSigner } from "../../../src/cluster/controllers/bootstrap-signer.ts";
import { legacyServiceAccountTokenCleaner } from "../../../src/cluster/controllers/legacy-service-account-token-cleaner.ts";
import { startControllers } from "../../../src/cluster/controllers/manager.ts";
import { isEnabled } from "../../../src/cluster/controllers/names.ts";
import { serviceAccountToken } from "../../../src/cluster/controllers/service-account-token.ts";
import { tokenCleaner } from "../../../src/cluster/controllers/token-cleaner.ts";
import { secretToken } from "../../../src/cluster/service-account-tokens.ts";
import type { ConfigMap, Secret, ServiceAccount } from "../../../src/kinds/types/core.ts";
import { admin, world } from "../apiserver/setup.ts";

const key: PrivateKey = { type: "ec", ec: newKey(new Random("sa")) };
const encoded = (text: string) => base64Of(bytesOf(text));

function open() {
  const made = world();
  for (const name of ["kube-system", "kube-public"])
    made.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const tools = {
    clock: made.clock,
    random: new Random("c"),
    flags: {},
    rootCertificate: () => "CA\n",
    tokenKey: () => key,
  };
  const list = [serviceAccountToken, tokenCleaner, bootstrapSigner, legacyServiceAccountTokenCleaner];
  startControllers(
    list as never,
    (_account, source) => made.server.client(admin, "kube-controller-manager", source),
    tools,
  );
  const pass = (seconds: number) => void made.clock.run(made.clock.now + seconds * SECOND, 1_000_000);
  pass(1);
  return { ...made, pass };
}
type Opened = ReturnType<typeof open>;

const filled = (opened: Opened, name = "s") => opened.api.get<Secret>("secrets", "default", name);

function tokenSecret({ api, pass }: Opened, account: string, more: object = {}): void {
  const annotations = { "kubernetes.io/service-account.name": account };
  const metadata = { name: "s", namespace: "default", annotations, ...more };
  api.create({ apiVersion: "v1", kind: "Secret", metadata, type: "kubernetes.io/service-account-token" } as never);
  pass(1);
}

// Expectations: kubernetes pkg/controller/serviceaccount/tokens_controller.go, 1.35.
describe("secrets of type kubernetes.io/service-account-token", () => {
  test("are filled", () => {
    const opened = open();
    tokenSecret(opened, "default");
    const account = opened.api.get<ServiceAccount>("serviceaccounts", "default", "default");
    if (!account) throw new Error("no account");
    const secret = filled(opened);
    expect(secret?.data).toEqual({
      "ca.crt": encoded("CA\n"),
      namespace: encoded("default"),
      token: encoded(secretToken(account, "s", key)),
    });
    expect(secret?.metadata.annotations?.["kubernetes.io/service-account.uid"]).toBe(account.metadata.uid);
  });
  test("of no account are deleted", () => {
    const opened = open();
    tokenSecret(opened, "nobody");
    expect(filled(opened)).toBeUndefined();
  });
  test("end with their account, and accounts forget secrets that are gone", () => {
    const opened = open();
    const { api, pass } = opened;
    const robot = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot", namespace: "default" } };
    api.create({ ...robot, secrets: [{ name: "s" }, { name: "kept" }] } as never);
    tokenSecret(opened, "robot");
    const secret = filled(opened);
    if (secret) api.delete(secret);
    pass(1);
    expect(api.get<ServiceAccount>("serviceaccounts", "default", "robot")?.secrets).toEqual([{ name: "kept" }]);
    tokenSecret(opened, "robot");
    expect(filled(opened)?.data?.token).toBeDefined();
    api.delete(robot as never);
    pass(1);
    expect(filled(opened)).toBeUndefined();
  });
});

function bootstrapToken(more: Record<string, string> = {}, id = "abcdef"): never {
  const texts = { "token-id": id, "token-secret": "0123456789abcdef", "usage-bootstrap-signing": "true", ...more };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `bootstrap-token-${id}`, namespace: "kube-system" },
    type: "bootstrap.kubernetes.io/token",
    data: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, encoded(text)])),
  } as never;
}

// Expectations: kubernetes pkg/controller/bootstrap, cluster-bootstrap/token/jws, 1.35.
describe("bootstrap tokens", () => {
  const info = (opened: Opened) => opened.api.get<ConfigMap>("configmaps", "kube-public", "cluster-info")?.data ?? {};
  const withInfo = () => {
    const opened = open();
    const metadata = { name: "cluster-info", namespace: "kube-public" };
    opened.api.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { kubeconfig: "text\n" } } as never);
    return opened;
  };

  test("are deleted when their time is over, others stay", () => {
    const { api, pass } = open();
    api.create(bootstrapToken({ expiration: "2026-01-02T03:05:05Z" }));
    api.create(bootstrapToken({}, "stays0"));
    pass(30);
    expect(api.list("secrets", "kube-system")).toHaveLength(2);
    pass(60);
    expect(api.list("secrets", "kube-system").map(({ metadata }) => metadata.name)).toEqual(["bootstrap-token-stays0"]);
  });

  test("sign cluster-info, as openssl would", () => {
    const opened = withInfo();
    opened.api.create(bootstrapToken());
    opened.pass(1);
    const [head = "", nothing, signature] = info(opened)["jws-kubeconfig-abcdef"]?.split(".") ?? [];
    expect(Buffer.from(head, "base64url").toString()).toBe('{"alg":"HS256","kid":"abcdef"}');
    const message = `${head}.${Buffer.from("text\n").toString("base64url")}`;
    const expected = createHmac("sha256", "0123456789abcdef").update(message).digest("base64url");
    expect([nothing, signature]).toEqual(["", expected]);
    const secret = opened.api.get("secrets", "kube-system", "bootstrap-token-abcdef");
    if (secret) opened.api.delete(secret);
    opened.pass(1);
    expect(Object.keys(info(opened))).toEqual(["kubeconfig"]);
  });

  const silent: readonly (readonly [string, Record<string, string>])[] = [
    ["not for signing", { "usage-bootstrap-signing": "false" }],
    ["under another's name", { "token-id": "others" }],
    ["without a secret", { "token-secret": "" }],
  ];
  test.each(silent)("%s sign nothing", (_, more) => {
    const opened = withInfo();
    opened.api.create(bootstrapToken(more));
    opened.pass(1);
    expect(Object.keys(info(opened))).toEqual(["kubeconfig"]);
  });
});

// Expectations: kubernetes pkg/controller/serviceaccount/legacy_serviceaccount_token_cleaner.go, 1.35.
test("a token that nobody has used for a year is marked, and deleted after another", () => {
  const opened = open();
  const { api, pass } = opened;
  const metadata = { name: "kube-apiserver-legacy-service-account-token-tracking", namespace: "kube-system" };
  api.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { since: "2026-01-02" } } as never);
  const account = api.get<ServiceAccount>("serviceaccounts", "default", "default");
  if (account) api.update<ServiceAccount>({ ...account, secrets: [{ name: "s" }] });
  tokenSecret(opened, "default");
  const day = 86_400;
  pass(360 * day);
  expect(filled(opened)?.metadata.labels).toBeUndefined();
  pass(10 * day);
  const since = filled(opened)?.metadata.labels?.["kubernetes.io/legacy-token-invalid-since"];
  expect(since).toMatch(/^2027-01-0\d$/);
  pass(360 * day);
  expect(filled(opened)).toBeDefined();
  pass(10 * day);
  expect(filled(opened)).toBeUndefined();
});

// Expectations: cmd/kube-controller-manager (names, ControllersDisabledByDefault), 1.35.
const lists: readonly (readonly [string, string, boolean])[] = [
  ["deployment-controller", "*", true],
  ["token-cleaner-controller", "*", false],
  ["token-cleaner-controller", "*,bootstrapsigner,tokencleaner", true],
  ["bootstrap-signer-controller", "*,bootstrap-signer-controller", true],
  ["deployment-controller", "*,-deployment", false],
  ["deployment-controller", "*,-deployment-controller", false],
  ["deployment-controller", "replicaset", false],
  ["replicaset-controller", "replicaset", true],
];
test.each(lists)("%s with --controllers=%s", (name, list, expected) => {
  expect(isEnabled(name, list)).toBe(expected);
});
