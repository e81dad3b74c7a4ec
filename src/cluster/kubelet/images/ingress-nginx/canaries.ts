import { FormatError } from "../../../../base/format-error.ts";
import type { HttpRequest } from "../../../../base/http.ts";
import type { Random } from "../../../../base/random.ts";
import { guestRegex } from "../../../../base/regex.ts";
import type { Ingress, IngressBackend } from "../../../../kinds/types/network.ts";
import type { Backend, Backends } from "./backends.ts";
import type { Location, Server } from "./configuration.ts";

/** Lets a canary take its share of the backends that have its hosts and paths; gives what is worth a warning. */
export function merged(ingress: Ingress, backends: Backends, servers: ReadonlyMap<string, Server>): readonly string[] {
  const warnings: string[] = [];
  const { defaultBackend, rules = [] } = ingress.spec ?? {};
  const join = (backend: IngressBackend, locations: readonly Location[] | undefined, host: string) => {
    const canary = backends.of(ingress, backend);
    if (!canary) return;
    if (!locations) {
      warnings.push(`cannot merge alternative backend ${canary.name} into hostname ${host} that does not exist`);
      return;
    }
    const primary = locations.find(({ backend: one }) => one && !one.canary && one.name !== canary.name)?.backend;
    if (primary) primary.alternative ??= canary;
    else {
      warnings.push(`unable to find real backend for alternative backend ${canary.name}. Deleting.`);
      backends.remove(canary);
    }
  };
  if (defaultBackend) join(defaultBackend, servers.get("_")?.locations, "_");
  for (const { host, http } of rules)
    for (const { path = "/", pathType, backend } of http?.paths ?? []) {
      const name = host || "_";
      const type = pathType === "Exact" ? "Exact" : "Prefix";
      join(
        backend,
        servers.get(name)?.locations.filter((one) => one.path === path && one.type === type),
        name,
      );
    }
  return warnings;
}

/** Whether a request goes to the canary: by its header, else by its cookie, else by chance (rootfs/etc/nginx/lua/balancer.lua, 1.13). */
export function goesToCanary({ canary }: Backend, { headers }: HttpRequest, random: Random): boolean {
  if (!canary) return false;
  const { header, value, pattern, cookie, weight, total } = canary;
  const sent = header === "" ? undefined : headers[header.toLowerCase()];
  if (sent !== undefined) {
    if (value !== "") {
      if (sent === value) return true;
    } else if (pattern !== "") {
      if (fits(pattern, sent)) return true;
    } else if (sent === "always") return true;
    else if (sent === "never") return false;
  }
  const crumb = cookie === "" ? undefined : cookieOf(headers.cookie, cookie);
  if (crumb === "always") return true;
  if (crumb === "never") return false;
  return random.below(Math.max(total, 1)) < weight;
}

function fits(pattern: string, text: string): boolean {
  try {
    return guestRegex(pattern).test(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return false;
  }
}

/** The value of a cookie. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const [key, ...value] = part.trim().split("=");
    if (key === name) return value.join("=");
  }
  return undefined;
}
