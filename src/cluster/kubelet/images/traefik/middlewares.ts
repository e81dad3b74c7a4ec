import { fromBase64 } from "../../../../base/base64.ts";
import { SECOND } from "../../../../base/clock.ts";
import { FormatError } from "../../../../base/format-error.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { guestRegex } from "../../../../base/regex.ts";
import { textOf } from "../../../../base/text-bytes.ts";
import type { Secret } from "../../../../kinds/types/core.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Process } from "../../../../machine/process.ts";
import { pathAndQuery } from "../../../network/http/match.ts";
import { passwordFits, passwordsIn } from "../../../network/http/passwords.ts";
import { inRanges } from "./rule.ts";

/** A step that a request passes: it answers itself, or changes the request or the answer of what comes next. */
export type Step = (request: HttpRequest, next: (request: HttpRequest) => HttpResponse) => HttpResponse;

/** What the steps know of a request beside itself. */
export interface Surroundings {
  readonly proc: Process;
  readonly scheme: "http" | "https";
  secret(namespace: string, name: string): Secret | undefined;
  /** The steps of another Middleware; a text says why there are none. */
  steps(name: string): readonly Step[] | string;
}

/** Traefik's own kind of what happens to a request before it is passed on (traefik.io/v1alpha1). */
export interface Middleware extends KubeObject {
  spec?: Record<string, Setting | undefined>;
}

interface Setting {
  readonly [key: string]: unknown;
}

type Maker = (setting: Setting, namespace: string, around: Surroundings) => Step;

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const pairs = (value: unknown): readonly (readonly [string, string])[] =>
  Object.entries((value ?? {}) as Record<string, unknown>).map(([name, one]) => [name, String(one)]);

/** An answer in the words of Go's http.Error and of Traefik's own handlers. */
export function wordsOf(status: number, text: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers }, body: text };
}

function redirect(location: string, permanent: boolean): HttpResponse {
  const [status, words] = permanent ? [301, "Moved Permanently"] : [302, "Found"];
  return wordsOf(status, words, { location });
}

function withPath(request: HttpRequest, path: string, more: Record<string, string> = {}): HttpRequest {
  const { query } = pathAndQuery(request.path);
  const whole = path.startsWith("/") ? path : `/${path}`;
  return {
    ...request,
    path: query === "" ? whole : `${whole}?${query}`,
    headers: { ...request.headers, ...more },
  };
}

const makers: Readonly<Record<string, Maker>> = {
  addPrefix:
    ({ prefix }) =>
    (request, next) =>
      next(withPath(request, `${String(prefix ?? "")}${pathAndQuery(request.path).path}`)),
  basicAuth: (setting, namespace, around) => (request, next) => {
    const users = usersOf(around.secret(namespace, String(setting.secret ?? "")));
    const [, encoded = ""] = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const [user = "", ...password] = textOf(fromBase64(encoded) ?? new Uint8Array()).split(":");
    const stored = users.get(user);
    if (user === "" || stored === undefined || !passwordFits(stored, password.join(":")))
      return wordsOf(401, "401 Unauthorized\n", {
        "www-authenticate": `Basic realm="${String(setting.realm ?? "traefik")}"`,
      });
    const { authorization: _, ...rest } = request.headers;
    return next(setting.removeHeader === true ? { ...request, headers: rest } : request);
  },
  chain: ({ middlewares }, namespace, around) => {
    const named = (Array.isArray(middlewares) ? middlewares : []) as ({ name?: string; namespace?: string } | null)[];
    const steps = named.flatMap((one) => {
      const found = around.steps(`${one?.namespace ?? namespace}-${one?.name}@kubernetescrd`);
      if (typeof found === "string") throw new FormatError(found);
      return found;
    });
    return (request, next) => through(steps, request, next);
  },
  headers:
    ({ customRequestHeaders, customResponseHeaders }) =>
    (request, next) => {
      const answer = next({ ...request, headers: changed(request.headers, pairs(customRequestHeaders)) });
      return { ...answer, headers: changed(answer.headers, pairs(customResponseHeaders)) };
    },
  ipAllowList: ({ sourceRange }) => {
    const isIn = inRanges(texts(sourceRange));
    return (request, next) => (isIn(request.from) ? next(request) : wordsOf(403, "Forbidden"));
  },
  rateLimit: ({ average, burst, period }, _namespace, { proc }) => {
    const [rate, width] = [Number(average ?? 0), Number(burst ?? 1)];
    const seconds = Number(/^(\d+)s?$/.exec(String(period ?? "1"))?.[1] ?? 1);
    const buckets = new Map<string, { tokens: number; at: number }>();
    return (request, next) => {
      if (rate === 0) return next(request);
      const { now } = proc.machine.kernel.clock;
      const client = request.from ?? "";
      const known = buckets.get(client) ?? { tokens: width, at: now };
      const tokens = Math.min(width, known.tokens + ((now - known.at) / SECOND) * (rate / seconds));
      buckets.set(client, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
      return tokens >= 1 ? next(request) : wordsOf(429, "Too Many Requests", { "retry-after": "1" });
    };
  },
  redirectRegex: ({ regex, replacement, permanent }, _namespace, { scheme }) => {
    const pattern = guestRegex(String(regex ?? ""));
    return (request, next) => {
      const url = `${scheme}://${request.headers.host ?? ""}${request.path}`;
      const match = pattern.find(url);
      if (!match) return next(request);
      const to = filled(String(replacement ?? ""), match.groups);
      const whole = `${url.slice(0, match.start)}${to}${url.slice(match.end)}`;
      return whole === url ? next(request) : redirect(whole, permanent === true);
    };
  },
  redirectScheme:
    ({ scheme: to, port, permanent }, _namespace, { scheme }) =>
    (request, next) => {
      const wanted = String(to ?? "https");
      const [host = "", given] = (request.headers.host ?? "").split(":");
      const number = port === undefined || port === "" ? undefined : String(port);
      const usual = { http: "80", https: "443" }[wanted];
      const suffix = number === undefined || number === usual ? "" : `:${number}`;
      const samePort = number === undefined || (given ?? usual) === number;
      if (wanted === scheme && samePort) return next(request);
      return redirect(`${wanted}://${host}${suffix}${request.path}`, permanent === true);
    },
  replacePath:
    ({ path }) =>
    (request, next) =>
      next(withPath(request, String(path ?? "/"), { "x-replaced-path": pathAndQuery(request.path).path })),
  replacePathRegex: ({ regex, replacement }) => {
    const pattern = guestRegex(String(regex ?? ""));
    return (request, next) => {
      const { path } = pathAndQuery(request.path);
      const match = pattern.find(path);
      if (!match) return next(request);
      const to = filled(String(replacement ?? ""), match.groups);
      return next(
        withPath(request, `${path.slice(0, match.start)}${to}${path.slice(match.end)}`, { "x-replaced-path": path }),
      );
    };
  },
  stripPrefix:
    ({ prefixes }) =>
    (request, next) => {
      const { path } = pathAndQuery(request.path);
      const prefix = texts(prefixes).find((one) => path.startsWith(one));
      if (prefix === undefined) return next(request);
      return next(withPath(request, path.slice(prefix.length), { "x-forwarded-prefix": prefix }));
    },
  stripPrefixRegex: ({ regex }) => {
    const patterns = texts(regex).map((one) => guestRegex(one));
    return (request, next) => {
      const { path } = pathAndQuery(request.path);
      const match = patterns.map((one) => one.find(path)).find((one) => one?.start === 0);
      if (!match) return next(request);
      const prefix = path.slice(0, match.end);
      return next(withPath(request, path.slice(match.end), { "x-forwarded-prefix": prefix }));
    };
  },
};

/** $1, ${1} in a replacement. */
function filled(text: string, groups: readonly (string | undefined)[]): string {
  return text.replace(/\$(?:\{(\d+)\}|(\d+))/g, (_whole, braced?: string, bare?: string) => {
    return groups[Number(braced ?? bare)] ?? "";
  });
}

/** Headers with some set and, where the value is empty, some taken away. */
function changed(
  headers: Readonly<Record<string, string>>,
  changes: readonly (readonly [string, string])[],
): Record<string, string> {
  const all: Record<string, string> = { ...headers };
  for (const [name, value] of changes)
    if (value === "") delete all[name.toLowerCase()];
    else all[name.toLowerCase()] = value;
  return all;
}

/** The users of a Secret: `users` as htpasswd has them, or username and password (kubernetes.io/basic-auth). */
function usersOf(secret: Secret | undefined): ReadonlyMap<string, string> {
  const text = (key: string) => textOf(fromBase64(secret?.data?.[key] ?? "") ?? new Uint8Array());
  if (secret?.type === "kubernetes.io/basic-auth") return new Map([[text("username"), `{PLAIN}${text("password")}`]]);
  const [key] = Object.keys(secret?.data ?? {});
  return passwordsIn(text(key ?? "users"));
}

/** The steps of a Middleware; a text says what of it cannot be had. */
export function stepsOf({ metadata, spec = {} }: Middleware, around: Surroundings): readonly Step[] | string {
  const steps: Step[] = [];
  for (const [name, setting] of Object.entries(spec)) {
    const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
    if (!make) return `the middleware ${name} is not simulated`;
    try {
      steps.push(make(setting ?? {}, metadata.namespace ?? "", around));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return error.message;
    }
  }
  return steps;
}

/** Sends a request through steps, one after the other. */
export function through(
  steps: readonly Step[],
  request: HttpRequest,
  last: (request: HttpRequest) => HttpResponse,
): HttpResponse {
  const [first, ...rest] = steps;
  return first ? first(request, (next) => through(rest, next, last)) : last(request);
}
