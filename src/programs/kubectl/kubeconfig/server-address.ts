import { CommandFault, Unanswered } from "../faults.ts";

/** Where a server is, as its URL says. */
export interface ServerAddress {
  readonly tls: boolean;
  /** As it stands in the URL: 10.0.0.1:6443, [fd00::1]:6443 */
  readonly host: string;
  /** The name or address alone. */
  readonly name: string;
  readonly port: number;
  /** What stands before every path, without a slash at its end. */
  readonly prefix: string;
  /** https://10.0.0.1:6443, with the prefix. */
  readonly url: string;
}

/** Reads a server's URL, or host:port, which then is plain HTTP (rest.DefaultServerURL, clientcmd's ClientConfig, 1.33). */
export function parseServer(text: string): ServerAddress {
  const url = /^[a-zA-Z][a-zA-Z\d+.-]*:\/\//.test(text) ? text : `http://${text}`;
  const found = /^([a-zA-Z][a-zA-Z\d+.-]*):\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]*)(?::([^/?#]*))?([^?#]*)/.exec(url);
  const [, scheme = "", name = "", port, path = ""] = found ?? [];
  if (/\s/.test(name)) throw new Unanswered(name, 'invalid character " " in host name', false);
  if (!found || name === "" || (port !== undefined && !/^\d*$/.test(port)))
    throw new CommandFault(`host must be a URL or a host:port pair: ${JSON.stringify(text)}`);
  const tls = scheme.toLowerCase() === "https";
  const prefix = path.replace(/\/+$/, "");
  const host = port === undefined ? name : `${name}:${port}`;
  return {
    tls,
    host,
    name: name.replace(/^\[|\]$/g, ""),
    port: port ? Number(port) : tls ? 443 : 80,
    prefix,
    url: `${scheme}://${host}${prefix}`,
  };
}

/** As it is dialled: 10.0.0.1:6443, [fd00::1]:6443, always with the port. */
export function dialAddress({ name, port }: ServerAddress): string {
  return `${name.includes(":") ? `[${name}]` : name}:${port}`;
}
