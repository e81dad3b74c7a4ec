import type { HttpRequest, HttpResponse } from "../../base/http.ts";

const plain = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };

/** A check behind a health page: says what is wrong, or undefined. */
export interface HealthCheck {
  readonly name: string;
  problem(): string | undefined;
}

export const ping: HealthCheck = { name: "ping", problem: () => undefined };
/** Fails when logging is blocked, which it never is here. */
export const log: HealthCheck = { name: "log", problem: () => undefined };

/**
 * Answers /healthz, /healthz?verbose&exclude=NAME and /healthz/NAME, or the same under another root, from its checks
 * (k8s.io/apiserver pkg/server/healthz, 1.35). Undefined for any other path.
 */
export function healthPage(
  root: string,
  checks: readonly HealthCheck[],
  path: string,
  query: URLSearchParams,
): HttpResponse | undefined {
  if (path === `/${root}`) return allOf(root, checks, query);
  const one = path.startsWith(`/${root}/`) && checks.find(({ name }) => name === path.slice(root.length + 2));
  if (!one) return undefined;
  const wrong = one.problem();
  return wrong === undefined
    ? { status: 200, headers: plain, body: "ok" }
    : { status: 500, headers: plain, body: `internal server error: ${wrong}\n` };
}

function allOf(root: string, checks: readonly HealthCheck[], query: URLSearchParams): HttpResponse {
  // Most who ask only want to know whether all is well: probes, each second.
  if (query.size === 0 && checks.every((check) => check.problem() === undefined))
    return { status: 200, headers: plain, body: "ok" };
  const excluded = new Set(query.getAll("exclude"));
  let lines = "";
  let failed = false;
  for (const check of checks) {
    if (excluded.delete(check.name)) {
      lines += `[+]${check.name} excluded: ok\n`;
      continue;
    }
    const wrong = check.problem() !== undefined;
    failed ||= wrong;
    lines += wrong ? `[-]${check.name} failed: reason withheld\n` : `[+]${check.name} ok\n`;
  }
  if (excluded.size > 0) {
    const names = [...excluded].sort().map((name) => JSON.stringify(name));
    lines += `warn: some health checks cannot be excluded: no matches for ${names.join(",")}\n`;
  }
  if (failed) return { status: 500, headers: plain, body: `${lines}${root} check failed\n` };
  return { status: 200, headers: plain, body: query.has("verbose") ? `${lines}${root} check passed\n` : "ok" };
}

/** What a daemon that keeps nothing else on its port answers: its health pages by their root. */
export function healthHandler(
  pages: Readonly<Record<string, () => readonly HealthCheck[]>>,
): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const [path = "", text = ""] = request.path.split("?", 2);
    const root = path.split("/", 2)[1] ?? "";
    const checks = Object.hasOwn(pages, root) ? pages[root]?.() : undefined;
    const page = checks && healthPage(root, checks, path, new URLSearchParams(text));
    if (page) return page;
    return { status: 404, headers: plain, body: "404 page not found\n" };
  };
}
