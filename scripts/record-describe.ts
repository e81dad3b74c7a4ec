// Records what real kubectl describe prints for the cases of test/corpus/describe.jsonl, and writes it into that file.
// Usage: KUBECTL=/path/to/kubectl npx tsx scripts/record-describe.ts [words of a case's name]
// All times of a case are moved so that its `now` is the moment of the recording: ages stay, dates change.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRfc3339, rfc3339, rfc3339Micro } from "../src/base/time.ts";
import type { Ask } from "../src/kinds/define.ts";
import { kinds } from "../src/kinds/index.ts";
import { Status } from "../src/kinds/status.ts";
import { answerTo, askText, type DescribeCase } from "../test/kinds/describe-case.ts";

const file = new URL("../test/corpus/describe.jsonl", import.meta.url);
const kubectl = process.env.KUBECTL ?? "kubectl";
const wanted = process.argv.slice(2).join(" ");
const home = mkdtempSync(join(tmpdir(), "record-describe-"));

let current: DescribeCase;
let asked: string[] = [];

const server = createServer(serve).listen(0, "127.0.0.1", () => void recordAll());

async function recordAll(): Promise<void> {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  const done: string[] = [];
  for (const line of lines) {
    const old = JSON.parse(line) as DescribeCase;
    done.push(old.name.includes(wanted) ? JSON.stringify(await record(old)) : line);
  }
  writeFileSync(file, `${done.join("\n")}\n`);
  rmSync(home, { recursive: true });
  server.close();
}

/** Begins at a full second, so that ages of whole seconds stand still while kubectl runs. */
async function record(old: DescribeCase): Promise<DescribeCase> {
  for (;;) {
    const now = Math.ceil((Date.now() + 1) / 1000) * 1_000_000;
    current = moved(old, now);
    await new Promise((resolve) => setTimeout(resolve, now / 1000 - Date.now() + 20));
    const texts = [await run()];
    const first = [...new Set(asked)].sort();
    if (Date.now() * 1000 > now + 950_000) continue;
    // kubectl prints some maps in no order: the text whose lines come first is the one in order.
    if (/^(ConfigMap|Secret|Namespace)$/.test(current.object.kind))
      for (let i = 0; i < 24; i++) texts.push(await run());
    process.stdout.write(`${current.name}\n`);
    return { ...current, now, want: texts.sort()[0] ?? "", asked: first };
  }
}

function moved(old: DescribeCase, now: number): DescribeCase {
  const delta = now - old.now;
  const move = (_key: string, value: unknown): unknown => {
    if (typeof value !== "string" || !/^20\d\d-\d\d-\d\dT[\d:]{8}(\.\d{6})?Z$/.test(value)) return value;
    const at = (parseRfc3339(value) ?? 0) + delta;
    return value.includes(".") ? rfc3339Micro(at) : rfc3339(at);
  };
  return JSON.parse(JSON.stringify(old, move)) as DescribeCase;
}

function run(): Promise<string> {
  asked = [];
  const { port } = server.address() as AddressInfo;
  const { namespace, name } = current.object.metadata;
  const args = ["describe", resourceOf(current), name, "-s", `http://127.0.0.1:${port}`, "--request-timeout=5s"];
  if (namespace !== undefined) args.push("-n", namespace);
  if (current.hideEvents) args.push("--show-events=false");
  const env = { HOME: home, KUBECONFIG: join(home, "none"), TZ: "UTC", PATH: process.env.PATH ?? "" };
  return new Promise((resolve, reject) => {
    const child = spawn(kubectl, args, { env, cwd: home, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.on("error", reject).on("close", (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${current.name}: ${err}`));
    });
  });
}

function groupAndVersion(apiVersion: string): [group: string, version: string] {
  const [first = "", second] = apiVersion.split("/");
  return second === undefined ? ["", first] : [first, second];
}

function resourceOf({ object, resource }: DescribeCase): string {
  const [group, version] = groupAndVersion(object.apiVersion);
  const kind = kinds.find((one) => one.kind === object.kind && one.group === group && one.version === version);
  return `${kind?.plural ?? resource}.${version}.${group}`;
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "", "http://localhost");
  const { code, body, type = "application/json" } = answer(url);
  response.writeHead(code, { "content-type": type }).end(JSON.stringify(body));
}

function answer(url: URL): { code: number; body: unknown; type?: string } {
  if (url.pathname === "/api" || url.pathname === "/apis") {
    const type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    return { code: 200, body: discovery(url.pathname === "/api"), type };
  }
  const ask = askOf(url);
  if (!ask) return refusal(new Status("NotFound", "the server could not find the requested resource"));
  const { name, namespace } = current.object.metadata;
  const isOfItsKind =
    ask.resource === resourceOf(current).split(".")[0] && ask.apiVersion === current.object.apiVersion;
  if (isOfItsKind && ask.name === name && ask.namespace === namespace) return { code: 200, body: current.object };
  asked.push(askText(ask));
  const found = answerTo(ask, current);
  return found instanceof Status ? refusal(found) : { code: 200, body: found };
}

function refusal(status: Status): { code: number; body: unknown } {
  return { code: status.code, body: status.toObject() };
}

function askOf({ pathname, searchParams }: URL): Ask | undefined {
  const parts = /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?$/.exec(
    pathname,
  );
  if (!parts) return undefined;
  const [, group, version = "", namespace, resource = "", name] = parts;
  const ask = {
    apiVersion: group ? `${group}/${version}` : version,
    resource,
    namespace,
    name,
    labelSelector: searchParams.get("labelSelector") ?? undefined,
    fieldSelector: searchParams.get("fieldSelector") ?? undefined,
  };
  return Object.fromEntries(Object.entries(ask).filter(([, value]) => value !== undefined)) as unknown as Ask;
}

function discovery(core: boolean): unknown {
  const groups = new Map<string, Map<string, unknown[]>>();
  const add = (group: string, version: string, plural: string, kind: string, namespaced: boolean) => {
    if ((group === "") !== core) return;
    const versions = groups.get(group) ?? new Map<string, unknown[]>();
    groups.set(group, versions);
    const scope = namespaced ? "Namespaced" : "Cluster";
    const responseKind = { group, version, kind };
    const resource = { resource: plural, responseKind, scope, singularResource: "", verbs: ["get", "list"] };
    versions.set(version, [...(versions.get(version) ?? []), resource]);
  };
  for (const { group, version, plural, kind, namespaced } of kinds) add(group, version, plural, kind, namespaced);
  const { object, resource } = current;
  if (resource)
    add(...groupAndVersion(object.apiVersion), resource, object.kind, object.metadata.namespace !== undefined);
  const items = [...groups].map(([name, versions]) => ({
    metadata: { name },
    versions: [...versions].map(([version, resources]) => ({ version, resources })),
  }));
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
}
