import { cidrContains, cidrIn, parseIp } from "../../../base/cidr.ts";

/** What a host exports, and to whom: a line of /etc/exports for one client. */
export interface Export {
  readonly path: string;
  /** *, an address, a network. */
  readonly client: string;
  readonly options: readonly string[];
}

/** Reads /etc/exports, or the table that exportfs made of it (exports(5)). */
export function readExports(text: string): readonly Export[] {
  return text
    .replace(/\\\n/g, " ")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .flatMap((line) => {
      const [path = "", ...clients] = line.split(/\s+/);
      return (clients.length > 0 ? clients : ["*"]).map((word) => {
        const at = word.indexOf("(");
        const client = (at < 0 ? word : word.slice(0, at)) || "*";
        const options =
          at < 0
            ? []
            : word
                .slice(at + 1)
                .replace(/\)$/, "")
                .split(",");
        return { path: path.replace(/(?<=.)\/+$/, ""), client, options };
      });
    });
}

/** Whether an export is for the client at an address. */
export function isFor({ client }: Export, address: string): boolean {
  if (client === "*" || client === address) return true;
  const ip = parseIp(address);
  const network = cidrIn(client);
  return ip !== undefined && network !== undefined && cidrContains(network, ip);
}
