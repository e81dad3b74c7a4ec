import { fromBase64 } from "../../../../base/base64.ts";
import { cidrContains, cidrIn, parseIp } from "../../../../base/cidr.ts";
import { SECOND } from "../../../../base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { textOf } from "../../../../base/text-bytes.ts";
import type { Secret } from "../../../../kinds/types/core.ts";
import type { Process } from "../../../../machine/process.ts";
import { nginxPage } from "../../../network/http/nginx-pages.ts";
import { passwordFits, passwordsIn } from "../../../network/http/passwords.ts";
import type { Location } from "./configuration.ts";
import type { Globals } from "./globals.ts";

/** Whether a client's address may ask. */
export function isBarred(client: string, { settings }: Location, globals: Globals): boolean {
  const denied = settings.text("denylist-source-range") ?? globals.deniedSources;
  if (denied !== undefined && isIn(client, denied)) return true;
  const allowed =
    settings.text("allowlist-source-range") ?? settings.text("whitelist-source-range") ?? globals.allowedSources;
  return allowed !== undefined && !isIn(client, allowed);
}

function isIn(client: string, ranges: string): boolean {
  const ip = parseIp(client);
  return ranges.split(",").some((range) => {
    const text = range.trim();
    if (text === client) return true;
    const network = cidrIn(text);
    return ip !== undefined && network !== undefined && cidrContains(network, ip);
  });
}

/** A secret that is looked up: the one, or why there is none. */
export type FindSecret = (key: string) => Secret | undefined;

/** The passwords that a location asks for; why it answers nothing, where they are not to be had; undefined where it asks for none. */
export function passwordsOf(
  { settings, from }: Pick<Location, "settings" | "from">,
  secret: FindSecret,
): { readonly users: ReadonlyMap<string, string> } | { readonly denied: string } | undefined {
  if (settings.text("auth-type") === undefined) return undefined;
  const given = settings.text("auth-secret");
  if (given === undefined)
    return { denied: "error reading secret name from annotation: ingress rule without annotations" };
  const namespace = from?.metadata.namespace ?? "";
  const [first = "", second] = given.split("/");
  if (second !== undefined && first !== namespace) return { denied: "cross namespace usage of secrets is not allowed" };
  const key = `${namespace}/${second ?? first}`;
  const found = secret(key);
  if (!found)
    return { denied: `unexpected error reading secret ${key}: no object matching key "${key}" in local store` };
  const text = (name: string) => textOf(fromBase64(found.data?.[name] ?? "") ?? new Uint8Array());
  if (settings.text("auth-secret-type") === "auth-map")
    return { users: new Map(Object.keys(found.data ?? {}).map((name) => [name, text(name).trimEnd()])) };
  if (found.data?.auth === undefined) return { denied: `the secret ${key} does not contain a key with value auth` };
  return { users: passwordsIn(text("auth")) };
}

/** The user that a request names with the right password; an answer where it does not. */
export function authenticated(
  { headers }: HttpRequest,
  { settings }: Location,
  users: ReadonlyMap<string, string>,
): string | HttpResponse {
  const [, encoded = ""] = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  const text = textOf(fromBase64(encoded) ?? new Uint8Array());
  const colon = text.indexOf(":");
  const [user, password] = colon < 0 ? ["", ""] : [text.slice(0, colon), text.slice(colon + 1)];
  const stored = users.get(user);
  if (user !== "" && stored !== undefined && passwordFits(stored, password)) return user;
  return nginxPage(401, { "www-authenticate": `Basic realm="${settings.text("auth-realm") ?? ""}"` });
}

/** How far the clients of a process are above their rates, by limit and client, and since when. */
const buckets = new WeakMap<Process, Map<string, { excess: number; at: number }>>();

/** Whether a request comes too soon after others: a leaky bucket as limit_req has it, five times the rate wide. */
export function isTooMuch(proc: Process, client: string, { settings, from, path }: Location): boolean {
  const burst = settings.number("limit-burst-multiplier") ?? 5;
  const limits = [
    ["rps", settings.number("limit-rps") ?? 0, 1],
    ["rpm", settings.number("limit-rpm") ?? 0, 60],
  ] as const;
  const known = buckets.get(proc) ?? new Map<string, { excess: number; at: number }>();
  buckets.set(proc, known);
  const { now } = proc.machine.kernel.clock;
  return limits.some(([name, rate, per]) => {
    if (rate <= 0) return false;
    const key = `${name} ${from?.metadata.uid} ${path} ${client}`;
    const bucket = known.get(key);
    const leaked = bucket ? ((now - bucket.at) / SECOND) * (rate / per) : 0;
    const excess = bucket ? Math.max(0, bucket.excess - leaked + 1) : 0;
    if (excess > rate * burst) return true;
    known.set(key, { excess, at: now });
    return false;
  });
}
