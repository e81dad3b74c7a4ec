import { createServer } from "node:net";
import { connect } from "node:tls";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { serveWorld } from "../../src/wire/serve-world.ts";
import { serve } from "./served.ts";

test("the administrator's certificate", async () => {
  const { ask } = await serve();
  const { status, text, headers } = await ask("/api/v1/namespaces/default/pods");
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/json");
  expect(JSON.parse(text)).toMatchObject({ kind: "PodList", items: [{ metadata: { name: "p" } }] });
});

test("the server shows a certificate that the cluster's authority signed, and speaks HTTP/1.1", async () => {
  const { served, tls } = await serve();
  const socket = connect({ host: "127.0.0.1", port: served.port, ca: tls.ca, ALPNProtocols: ["h2", "http/1.1"] });
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  expect(socket.authorized).toBe(true);
  expect(socket.alpnProtocol).toBe("http/1.1");
  socket.destroy();
});

test("without credentials: anonymous, who may see /version and nothing else", async () => {
  const { ask } = await serve();
  expect((await ask("/version", { who: "nobody" })).status).toBe(200);
  const refused = await ask("/api/v1/namespaces/default/pods", { who: "nobody" });
  expect(refused.status).toBe(403);
  expect(JSON.parse(refused.text)).toMatchObject({
    kind: "Status",
    reason: "Forbidden",
    message:
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"',
  });
});

test("a service account's token, and a wrong one", async () => {
  const { ask } = await serve();
  const path = "/api/v1/namespaces/default/serviceaccounts/default/token";
  const body = JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} });
  const made = await ask(path, { method: "POST", headers: { "content-type": "application/json" }, body });
  expect(made.status).toBe(201);
  const { token } = (JSON.parse(made.text) as { status: { token: string } }).status;
  const allowed = await ask("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    who: { token },
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { verb: "list", resource: "pods" } },
    }),
  });
  expect(JSON.parse(allowed.text)).toMatchObject({ status: { allowed: false } });
  const refused = await ask("/api/v1/namespaces/default/pods", { who: { token } });
  expect(JSON.parse(refused.text).message).toContain(
    'User "system:serviceaccount:default:default" cannot list resource "pods"',
  );
  for (const wrong of ["nonsense", `${token.slice(0, -4)}AAAA`]) {
    const answer = await ask("/api/v1/namespaces/default/pods", { who: { token: wrong } });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toMatchObject({ reason: "Unauthorized", message: "Unauthorized" });
  }
});

test("a watch hears of changes as they come", async () => {
  const { ask, follow } = await serve();
  const folder = "/api/v1/namespaces/default/configmaps";
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "new" } });
  const seen: string[] = [];
  const watching = follow(`${folder}?watch=true&fieldSelector=metadata.name%3Dnew`, (line, end) => {
    const { type, object } = JSON.parse(line) as { type: string; object: { metadata: { name: string } } };
    seen.push(`${type} ${object.metadata.name}`);
    if (type === "ADDED") void ask(`${folder}/new`, { method: "DELETE" });
    if (type === "DELETED") end();
  });
  await ask(folder, { method: "POST", headers, body });
  await watching;
  expect(seen).toEqual(["ADDED new", "DELETED new"]);
});

test("a watch with a time limit ends by itself", async () => {
  const { follow } = await serve();
  const seen: string[] = [];
  await follow("/api/v1/namespaces?watch=true&timeoutSeconds=1", (line) => seen.push(line));
  expect(seen.length).toBeGreaterThan(3);
});

test("a large answer is compressed for those who take it, a small one is not", async () => {
  const { ask } = await serve();
  const gzip = { "accept-encoding": "gzip" };
  const plain = await ask("/openapi/v3/api/v1");
  const packed = await ask("/openapi/v3/api/v1", { headers: gzip });
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(packed.headers["content-encoding"]).toBe("gzip");
  expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 4);
  expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true);
  expect((await ask("/version", { headers: gzip })).headers["content-encoding"]).toBeUndefined();
});

test("a body that is too large is refused", async () => {
  const { ask } = await serve();
  const answer = await ask("/api/v1/namespaces/default/configmaps", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "x".repeat(3 * 1024 * 1024 + 1),
  });
  expect(answer.status).toBe(413);
});

test("text with more than ASCII goes through unharmed", async () => {
  const { ask } = await serve();
  const data = { text: "grüße 世界 🎉" };
  const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "words" }, data });
  await ask("/api/v1/namespaces/default/configmaps", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(JSON.parse((await ask("/api/v1/namespaces/default/configmaps/words")).text)).toMatchObject({ data });
});

test("warnings come one to a header line", async () => {
  const { ask } = await serve();
  const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "w" }, one: 1, two: 2 });
  const answer = await ask("/api/v1/namespaces/default/configmaps?fieldValidation=Warn", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(answer.status).toBe(201);
  expect(answer.headers.warning).toBe('299 - "unknown field \\"one\\"", 299 - "unknown field \\"two\\""');
});

test("a port that is taken", async () => {
  const { lab } = await serve();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  await expect(serveWorld(lab.world, port)).rejects.toMatchObject({ code: "EADDRINUSE" });
  await new Promise((resolve) => other.close(resolve));
});

test("an API server that does not run refuses", async () => {
  const { lab, ask } = await serve();
  lab.sh("cp", "mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/");
  lab.until("it is down", () => lab.world.door() === undefined, 40);
  expect((await ask("/version")).status).toBe(503);
});
