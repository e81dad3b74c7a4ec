import { describe, expect, test } from "vitest";
import { readEncryption } from "../../../src/cluster/apiserver/encryption/configuration.ts";
import type { Encryption } from "../../../src/cluster/apiserver/encryption/define.ts";
import { createKindTable } from "../../../src/cluster/apiserver/kind-table.ts";
import { ApiServer } from "../../../src/cluster/apiserver/server.ts";
import { etcdKey } from "../../../src/cluster/etcd/etcd-key.ts";
import { storedText } from "../../../src/cluster/etcd/stored-text.ts";
import { createStore } from "../../../src/cluster/store/store.ts";
import { kinds } from "../../../src/kinds/index.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { configMapNamed, world } from "./setup.ts";

const key = (letter: string, length = 32) => Buffer.from(letter.repeat(length)).toString("base64");
const file = (providers: string, resources = "[secrets]") =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: ${resources}\n  providers: ${providers}\n`;
const keys = (provider: string, ...names: string[]) =>
  `{${provider}: {keys: [${names.map((name) => `{name: ${name}, secret: ${key(name.at(-1) ?? "")}}`).join(", ")}]}}`;

// apiserver pkg/server/options/encryptionconfig/config.go and pkg/apis/apiserver/validation/validation_encryption.go, 1.35.
describe("a configuration that cannot be used", () => {
  const at = "resources[0].providers[0]";
  const failed = (why: string) => `error while parsing file: ${why}`;
  const undecoded = (why: string) => failed(`error decoding encryption provider configuration file "/e.yaml": ${why}`);
  const none = '{"AESGCM":null,"AESCBC":null,"Secretbox":null,"Identity":null,"KMS":null}';
  const cases: readonly (readonly [string, string | undefined, string])[] = [
    [
      "no file",
      undefined,
      failed(
        'error while loading file: error reading encryption provider configuration file "/e.yaml": open /e.yaml: no such file or directory',
      ),
    ],
    [
      "an empty file",
      "",
      failed('error while loading file: encryption provider configuration file "/e.yaml" is empty'),
    ],
    ["no kind", "resources: []\n", undecoded("Object 'Kind' is missing in '{\"resources\":[]}'")],
    ["an unknown provider", file("[{aes: {}}]"), undecoded(`strict decoding error: unknown field "${at}.aes"`)],
    [
      "no resources",
      file("[]").split("resources")[0] ?? "",
      failed("resources: Required value: at least one resources is required"),
    ],
    [
      "no providers",
      file("[]"),
      failed("resources[0].providers: Required value: at least one resources[0].providers is required"),
    ],
    [
      "identity without its braces",
      file("[{identity: }]"),
      failed(
        `${at}: Invalid value: ${none}: provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity`,
      ),
    ],
    [
      "two providers in one",
      file("[{secretbox: {keys: [{name: a, secret: YQ==}]}, identity: {}}]"),
      failed(
        `[${at}: Invalid value: {"AESGCM":null,"AESCBC":null,"Secretbox":{"Keys":[{"Name":"a","Secret":"YQ=="}]},"Identity":{},"KMS":null}: more than one provider specified in a single element, should split into different list elements, ${at}.secretbox.keys[0].secret: Invalid value: "REDACTED": secret is not of the expected length, got 1, expected one of [32]]`,
      ),
    ],
    [
      "no keys",
      file("[{aescbc: {keys: []}}]"),
      failed(`${at}.aescbc.keys: Required value: at least one keys is required`),
    ],
    [
      "a key of a wrong length",
      file(`[{aescbc: {keys: [{name: a, secret: ${key("a", 20)}}]}}]`),
      failed(
        `${at}.aescbc.keys[0].secret: Invalid value: "REDACTED": secret is not of the expected length, got 20, expected one of [16 24 32]`,
      ),
    ],
    [
      "a key that is no base64",
      file("[{aesgcm: {keys: [{name: a, secret: top secret}]}}]"),
      failed(`${at}.aesgcm.keys[0].secret: Invalid value: "REDACTED": secrets must be base64 encoded`),
    ],
    [
      "a key without name and secret",
      file("[{aesgcm: {keys: [{}]}}]"),
      failed(
        `[${at}.aesgcm.keys[0].name: Required value: name is a mandatory field for a key, ${at}.aesgcm.keys[0].secret: Required value: secret is a mandatory field for a key]`,
      ),
    ],
    [
      "a resource twice",
      file("[{identity: {}}]", "[secrets, secrets]"),
      failed(
        'resources[0].resources: Invalid value: ["secrets","secrets"]: the same resource cannot be specified multiple times',
      ),
    ],
    [
      "a capital letter",
      file("[{identity: {}}]", "[Secrets]"),
      failed('resources[0].resources[0]: Invalid value: "Secrets": resource name should not contain capital letters'),
    ],
    [
      "an entry behind one for all",
      `${file("[{identity: {}}]", '["*.*"]')}- {resources: [secrets], providers: [{identity: {}}]}\n`,
      'error while building transformers: resource "secrets" is masked by earlier rule "*.*"',
    ],
    [
      "KMS",
      file("[{kms: {apiVersion: v2, name: a, endpoint: unix:///a.sock}}]"),
      "encryption by a KMS plugin is not simulated: use aescbc, aesgcm, secretbox or identity",
    ],
  ];
  test.each(cases)("%s", (_, text, expected) => {
    expect(readEncryption(text, "/e.yaml")).toBe(expected);
  });
});

function read(text: string | undefined): { encryption?: Encryption } {
  if (text === undefined) return {};
  const encryption = readEncryption(text, "/e.yaml");
  if (typeof encryption === "string") throw new Error(encryption);
  return { encryption };
}

const secret = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "default" },
  data: { a: "Yg==" },
});

/** A server on the same etcd that was started with another configuration. */
function restarted({ store, clock, server }: ReturnType<typeof world>, config: string | undefined) {
  const { random } = server.context;
  const next = new ApiServer({
    store,
    clock,
    random,
    kinds: createKindTable(kinds),
    flags: {},
    ...read(config),
    verifyToken: () => ({ name: "root", groups: ["system:masters"] }),
  });
  const ask = (method: string, path: string, body?: object) =>
    next.handle({
      method,
      path,
      headers: { authorization: "Bearer x" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const list = () => {
    const { status, body } = ask("GET", "/api/v1/namespaces/default/secrets");
    return status === 200 ? "" : (body as { message: string }).message;
  };
  return { ask, list, api: next.client({ name: "root", groups: ["system:masters"] }, "test") };
}

const one = `[${keys("aescbc", "key1")}, {identity: {}}]`;

// apiserver pkg/storage/value/transformer.go, encrypt/identity and encrypt/aes, 1.35.
describe("reading what another configuration has written", () => {
  const internal = (why: string) =>
    `Internal error occurred: unable to transform key "/registry/secrets/default/db": ${why}`;
  const cases: readonly (readonly [string, string | undefined, string | undefined, string])[] = [
    ["the same", file(one), file(one), ""],
    ["no flag any more", file(one), undefined, internal("identity transformer tried to read encrypted data")],
    ["identity alone", file(one), file("[{identity: {}}]"), internal("no matching prefix found")],
    ["plain, and no identity", undefined, file(`[${keys("aescbc", "key1")}]`), internal("no matching prefix found")],
    ["plain, and identity last", undefined, file(one), ""],
    ["another provider", file(one), file(`[${keys("secretbox", "key1")}]`), internal("no matching prefix found")],
    [
      "another key",
      file(one),
      file(`[${keys("aescbc", "key2")}, {identity: {}}]`),
      internal("no matching key was found for the provided AES transformer"),
    ],
    ["a new key before the old one", file(one), file(`[${keys("aescbc", "key2", "key1")}]`), ""],
    ["identity before the old key", file(one), file(`[{identity: {}}, ${keys("aescbc", "key1")}]`), ""],
    [
      "another key of the same name",
      file(one),
      file(`[{aescbc: {keys: [{name: key1, secret: ${key("x")}}]}}]`),
      internal("invalid padding on input"),
    ],
    ["all of the core group", file(one, '["*."]'), file(one, "[configmaps, secrets]"), ""],
    ["other resources", file(one, "[configmaps]"), undefined, ""],
  ];
  test.each(cases)("%s", (_, first, second, expected) => {
    const made = world(read(first));
    made.api.create(secret("db"));
    expect(restarted(made, second).list()).toBe(expected);
  });

  test("one that cannot be read can be neither changed nor deleted; others can", () => {
    const made = world(read(file(one)));
    made.api.create(secret("db"));
    const { ask, api } = restarted(made, file("[{identity: {}}]"));
    api.create(secret("new"));
    const at = "/api/v1/namespaces/default/secrets";
    expect(ask("GET", `${at}/new`).status).toBe(200);
    for (const method of ["GET", "DELETE"]) expect(ask(method, `${at}/db`).status).toBe(500);
    expect(ask("PUT", `${at}/db`, secret("db")).status).toBe(500);
    expect(ask("GET", "/api/v1/namespaces/default/configmaps").status).toBe(200);
  });
});

test("what lies in etcd: the prefix of the first provider and key, after each write", () => {
  const made = world();
  const lies = (name = "db", resource = "secrets") =>
    storedText(made.store.get(resource, "default", name) as KubeObject);
  made.api.create(secret("db"));
  expect(JSON.parse(lies())).toMatchObject({ kind: "Secret", data: { a: "Yg==" } });
  const first = restarted(made, file(one));
  expect(lies()).toMatch(/^\{/);
  first.api.create(configMapNamed("c"));
  expect(lies("c", "configmaps")).toMatch(/^\{/);
  // kubectl get secrets -o json | kubectl replace -f -
  const replace = ({ ask }: typeof first) => {
    const { body } = ask("GET", "/api/v1/namespaces/default/secrets/db");
    expect(ask("PUT", "/api/v1/namespaces/default/secrets/db", body as object).status).toBe(200);
    return (body as unknown as KubeObject).metadata.resourceVersion;
  };
  const before = replace(first);
  expect(lies()).toMatch(/^k8s:enc:aescbc:v1:key1:[A-Za-z0-9+/]{200,}=*$/);
  // A second time there is nothing to write.
  const after = replace(first);
  expect(after).not.toBe(before);
  expect(replace(first)).toBe(after);
  const second = restarted(made, file(`[${keys("secretbox", "key2")}, ${keys("aescbc", "key1")}]`));
  replace(second);
  expect(lies()).toMatch(/^k8s:enc:secretbox:v1:key2:/);
  // A snapshot keeps it.
  const copy = createStore();
  copy.restore(made.store.snapshot());
  expect(storedText(copy.get("secrets", "default", "db") as KubeObject)).toMatch(/^k8s:enc:secretbox:v1:key2:/);
  replace(restarted(made, file(`[{identity: {}}, ${keys("secretbox", "key2")}]`)));
  expect(lies()).toMatch(/^\{/);
});

test.each([
  ["secrets", "default", "a", "/registry/secrets/default/a"],
  ["nodes", undefined, "a", "/registry/minions/a"],
  ["services", "default", "a", "/registry/services/specs/default/a"],
  ["deployments.apps", "x", "a", "/registry/deployments/x/a"],
  ["crontabs.stable.example.com", "x", "a", "/registry/stable.example.com/crontabs/x/a"],
])("the key of %s", (resource, namespace, name, expected) => {
  expect(etcdKey(resource, namespace, name)).toBe(expected);
});
