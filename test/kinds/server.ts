import { readFileSync } from "node:fs";
import type { HttpRequest } from "../../src/base/http.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { apiVersionOf, type Kind } from "../../src/kinds/define.ts";
import { kinds } from "../../src/kinds/index.ts";
import type { KubeObject } from "../../src/kinds/types/meta.ts";
import { admin, type World, world } from "../cluster/apiserver/setup.ts";

/** The lines of a file of cases. */
export function casesOf<T>(file: string): readonly T[] {
  const lines = readFileSync(new URL(`./cases/${file}.jsonl`, import.meta.url), "utf8").split("\n");
  return lines.filter(Boolean).map((line) => JSON.parse(line) as T);
}

interface Reply {
  readonly status: number;
  readonly body: JsonObject & Record<string, never>;
  readonly warnings: readonly string[];
}

/** A server with its own objects in it, asked by HTTP as its administrator. */
export interface Served extends World {
  ask(method: string, path: string, body?: unknown, type?: string): Reply;
}

export function served(): Served {
  const made = world({
    verifyCertificate: () => ({ commonName: admin.name, organizations: ["system:masters"] }),
  });
  made.server.start("10.0.0.1");
  const ask = (method: string, path: string, body?: unknown, type = "application/json"): Reply => {
    const headers = { "user-agent": "test/1", "content-type": type };
    const request = { method, path, clientCertificate: "admin", headers, ...(body === undefined ? {} : { body }) };
    const response = made.server.handle(request as HttpRequest);
    const said = response.headers.warning ?? "";
    const warnings = [...said.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) =>
      text.replace(/\\(.)/g, "$1"),
    );
    return { status: response.status, body: response.body as Reply["body"], warnings };
  };
  return { ...made, ask };
}

/** The kind of an object's apiVersion and kind. */
export function kindOfObject({ apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">): Kind {
  const found = kinds.find((one) => one.kind === kind && apiVersionOf(one) === apiVersion);
  if (!found) throw new Error(`no kind ${apiVersion} ${kind}`);
  return found;
}

/** Where objects of a kind are: the path that they are posted to. */
export function collectionOf(kind: Kind, namespace = "default"): string {
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  return kind.namespaced ? `${root}/namespaces/${namespace}/${kind.plural}` : `${root}/${kind.plural}`;
}
