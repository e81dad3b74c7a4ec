// How hosts of listeners and routes go together (Gateway API, HTTPRouteSpec.hostnames, 1.4).

/** Whether a host fits a listener's or a route's: a wildcard stands for one label or more. */
function covers(pattern: string, host: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === host;
  return host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1;
}

/** The hosts under which a listener takes a route; empty where they have none in common, [""] for all hosts. */
export function acceptedHosts(listener: string | undefined, route: readonly string[] | undefined): string[] {
  if (!route?.length) return [listener ?? ""];
  if (!listener) return [...route];
  return route.flatMap((host) => {
    if (covers(listener, host)) return [host];
    return covers(host, listener) ? [listener] : [];
  });
}

/** Whether two listeners' hosts have some in common. */
export function overlap(one: string | undefined, other: string | undefined): boolean {
  if (!one || !other || one === other) return true;
  return covers(one, other) || covers(other, one);
}

/** Which of some hosts a request's host belongs to: the same, else the longest wildcard, else the one for all (""). */
export function hostFor(hosts: Iterable<string>, asked: string): string | undefined {
  let best: string | undefined;
  for (const host of hosts) {
    if (host === asked) return host;
    if (host !== "" && !covers(host, asked)) continue;
    if (best === undefined || host.length > best.length) best = host;
  }
  return best;
}
