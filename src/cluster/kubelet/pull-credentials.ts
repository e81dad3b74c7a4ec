import { fromBase64 } from "../../base/base64.ts";
import { FormatError } from "../../base/format-error.ts";
import { type Json, type JsonObject, parseJson } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import { textOf } from "../../base/text-bytes.ts";
import type { Secret } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { root } from "../../machine/define-files.ts";
import type { Agent } from "./define.ts";
import type { Image } from "./images/define.ts";

/** A name and password for a registry. */
interface Login {
  readonly user: string;
  readonly password: string;
}

/** Where a node's own credentials for registries lie (credentialprovider/config.go). */
const OWN_FILE = "/var/lib/kubelet/config.json";

/** The logins that a pod has for a registry, and the names of its pull secrets that are not there. */
export function credentialsFor(agent: Agent, pod: Pod, repository: string): { logins: Login[]; missing: string[] } {
  const missing: string[] = [];
  const logins: Login[] = [];
  for (const { name = "" } of pod.spec.imagePullSecrets ?? []) {
    const secret = agent.api.get<Secret>("secrets", pod.metadata.namespace, name);
    if (!secret) {
      missing.push(name);
      continue;
    }
    const modern = secret.data?.[".dockerconfigjson"];
    const old = secret.data?.[".dockercfg"];
    if (secret.type === "kubernetes.io/dockerconfigjson" && modern)
      logins.push(...loginsIn(decoded(modern), repository));
    else if (secret.type === "kubernetes.io/dockercfg" && old)
      logins.push(...loginsIn(`{"auths":${decoded(old)}}`, repository));
  }
  const { files } = agent.host;
  if (files.find(OWN_FILE, root)) logins.push(...loginsIn(files.read(OWN_FILE, root), repository));
  return { logins, missing };
}

/** Whether an image is open to all, or one of the logins is the right one. */
export function canUse(image: Image, logins: readonly Login[]): boolean {
  const { login } = image;
  return !login || logins.some(({ user, password }) => user === login.user && password === login.password);
}

function decoded(base64: string): string {
  return textOf(fromBase64(base64) ?? new Uint8Array());
}

/** The entries of a docker configuration that are for the registry of a repository. */
function loginsIn(text: string, repository: string): Login[] {
  const value = readConfiguration(text);
  const auths = isObject(value) ? value.auths : undefined;
  if (!isObject(auths)) return [];
  return Object.entries(auths).flatMap(([server, entry]) =>
    isFor(server, repository) && isObject(entry) ? [loginOf(entry)] : [],
  );
}

function readConfiguration(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** registry.example.com, https://registry.example.com/v2/, registry.example.com/team. */
function isFor(server: string, repository: string): boolean {
  const place = server
    .replace(/^https?:\/\//, "")
    .replace(/\/(v1|v2)?\/?$/, "")
    .replace(/^index\.docker\.io/, "docker.io");
  return repository === place || repository.startsWith(`${place}/`);
}

function loginOf(entry: JsonObject): Login {
  if (typeof entry.auth === "string" && entry.auth !== "") {
    const [, user = "", password = ""] = /^([^:]*):(.*)$/s.exec(decoded(entry.auth)) ?? [];
    return { user, password };
  }
  return { user: String(entry.username ?? ""), password: String(entry.password ?? "") };
}
