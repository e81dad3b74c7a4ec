/** A web address, taken apart. */
export interface Url {
  readonly scheme: string;
  readonly user: string | undefined;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  /** As it was given; undefined where the scheme says it. */
  readonly port: number | undefined;
  /** With the query, without the fragment; begins with a slash. */
  readonly path: string;
}

/** Takes an address apart, http:// where no scheme is given; undefined where it is none. */
export function parseUrl(text: string): Url | undefined {
  const found =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/{1,3})?(?:([^@/?#]*)@)?(\[[^\]]+\]|[^:/?#]*)(?::(\d*))?([/?#].*)?$/s.exec(text);
  if (!found || /[\s\0]/.test(text)) return undefined;
  const host = (found[3] ?? "").replace(/^\[|\]$/g, "");
  const port = found[4] ? Number(found[4]) : undefined;
  if (host === "" || (port !== undefined && port > 65535)) return undefined;
  const rest = (found[5] ?? "").replace(/#.*$/s, "");
  return {
    scheme: (found[1] ?? "http").toLowerCase(),
    user: found[2],
    host,
    port,
    path: withoutDots(rest.startsWith("/") ? rest : `/${rest}`),
  };
}

export function portOf({ port, scheme }: Url): number {
  return port ?? { https: 443, telnet: 23 }[scheme] ?? 80;
}

/** What the Host header says. */
export function hostHeader({ host, port, scheme }: Url): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === undefined || port === (scheme === "https" ? 443 : 80) ? name : `${name}:${port}`;
}

export function urlText(url: Url): string {
  const name = url.host.includes(":") ? `[${url.host}]` : url.host;
  return `${url.scheme}://${name}${url.port === undefined ? "" : `:${url.port}`}${url.path}`;
}

/** Where a Location header of an answer from `base` leads. */
export function resolveUrl(base: Url, location: string): Url | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(location)) return parseUrl(location);
  if (location.startsWith("//")) return parseUrl(`${base.scheme}:${location}`);
  if (location.startsWith("/")) return { ...base, path: withoutDots(location.replace(/#.*$/s, "")) };
  const [path = "/"] = base.path.split("?");
  const relative = location.startsWith("?") ? path + location : path.slice(0, path.lastIndexOf("/") + 1) + location;
  return { ...base, path: withoutDots(relative.replace(/#.*$/s, "")) };
}

/** A path without its . and .. steps (RFC 3986, 5.2.4). */
function withoutDots(path: string): string {
  const mark = path.indexOf("?");
  const steps = mark < 0 ? path : path.slice(0, mark);
  if (!/(^|\/)\.\.?(\/|$)/.test(steps)) return path;
  const kept: string[] = [];
  const all = steps.split("/").slice(1);
  for (const [i, step] of all.entries()) {
    const last = i === all.length - 1;
    if (step === "..") kept.pop();
    else if (step !== ".") kept.push(step);
    if (last && (step === "." || step === "..")) kept.push("");
  }
  return `/${kept.join("/")}${mark < 0 ? "" : path.slice(mark)}`;
}
