import { type GuestRegex, guestRegex } from "../../../../base/regex.ts";

/** Which requests a kubectl proxy lets through (kubectl pkg/proxy/proxy_server.go FilterServer, 1.33). */
export interface RequestFilter {
  accepts(method: string, path: string, host: string): boolean;
}

/** Patterns with commas between them, as the flags of kubectl proxy give them. Throws FormatError. */
function patterns(text: string): readonly GuestRegex[] {
  return text === "" ? [] : text.split(",").map((one) => guestRegex(one));
}

export function requestFilter(flags: {
  readonly "accept-hosts": string;
  readonly "accept-paths": string;
  readonly "reject-methods": string;
  readonly "reject-paths": string;
}): RequestFilter {
  const hosts = patterns(flags["accept-hosts"]);
  const paths = patterns(flags["accept-paths"]);
  const methods = patterns(flags["reject-methods"]);
  const rejected = patterns(flags["reject-paths"]);
  const some = (list: readonly GuestRegex[], text: string) => list.some((one) => one.test(text));
  return {
    accepts: (method, path, host) =>
      !some(rejected, path) && !some(methods, method) && some(paths, path) && some(hosts, hostName(host)),
  };
}

/** A Host header without its port. */
function hostName(host: string): string {
  return /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(host)?.[1] ?? host;
}
