/** The host that a request names: in lower case, without its port. */
export function hostOf(header: string | undefined): string {
  return (header ?? "").replace(/:\d*$/, "").toLowerCase();
}

/** Whether a host fits a rule's: exactly, or with one more label in front ("*.example.com"). No rule's host fits all. */
export function hostFits(pattern: string | undefined, host: string): boolean {
  if (!pattern) return true;
  const wanted = pattern.toLowerCase();
  if (!wanted.startsWith("*.")) return wanted === host;
  const dot = host.indexOf(".");
  return dot > 0 && host.slice(dot) === wanted.slice(1);
}

/** Whether a path lies at or below a prefix, element by element: /a and /a/b below /a or /a/, /ab not (IngressSpec, pathType Prefix). */
export function prefixFits(prefix: string, path: string): boolean {
  const whole = prefix.replace(/\/+$/, "");
  return path === whole || path.startsWith(`${whole}/`);
}

/** Out of what is kept by host name, what is for this one: by its own name, or by that of a wildcard one label above. */
export function byHost<T>(all: ReadonlyMap<string, T>, host: string): T | undefined {
  const dot = host.indexOf(".");
  return all.get(host) ?? (dot > 0 ? all.get(`*${host.slice(dot)}`) : undefined);
}

/** The path of a request's target, and its query. */
export function pathAndQuery(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf("?");
  return mark < 0 ? { path: target, query: "" } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}
