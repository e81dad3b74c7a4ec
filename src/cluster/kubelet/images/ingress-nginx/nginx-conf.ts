import type { Configuration, Location, Server } from "./configuration.ts";
import type { Globals } from "./globals.ts";
import { blocksOf, rewrites } from "./locations.ts";

/** The servers as they stand in /etc/nginx/nginx.conf: what the controller writes, without what has no effect here. */
export function nginxConf({ servers }: Configuration, globals: Globals): string {
  const texts = [...servers.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((server) => serverText(server, globals));
  return `# The servers of the controller's configuration; the rest of the real file has no effect in this lab.\n\nhttp {\n${texts.join("")}}\n`;
}

function serverText(server: Server, globals: Globals): string {
  const isAll = server.name === "_";
  const extra = isAll ? " default_server reuseport backlog=4096" : "";
  const names = [nameText(server.name), ...server.aliases].join(" ");
  const locations = blocksOf(server).map(({ mark, path, of }) => {
    const where = mark === "~*" ? `~* "^${path}"` : mark === "=" ? `= ${path}` : path;
    return locationText(where, of, globals);
  });
  return (
    `\t## start server ${server.name}\n\tserver {\n\t\tserver_name ${names} ;\n\n\t\tlisten 80${extra} ;\n\t\tlisten 443${extra} ssl;\n\n` +
    `\t\tset $proxy_upstream_name "-";\n\n${locations.join("")}\t}\n\t## end server ${server.name}\n\n`
  );
}

/** A wildcard stands for one label. */
function nameText(name: string): string {
  return name.startsWith("*.") ? `~^(?<subdomain>[\\w-]+)\\.${name.slice(2).replaceAll(".", "\\.")}$` : name;
}

function locationText(where: string, location: Location, globals: Globals): string {
  const { from, backend, settings, path } = location;
  const set = (name: string, value: string) => `\t\t\tset $${name.padEnd(14)} "${value}";\n`;
  const seconds = (name: string, usual: number) => settings.number(name) ?? usual;
  const port = backend?.name.split("-").at(-1) ?? "";
  const target = settings.text("rewrite-target");
  const elsewhere = settings.text("temporal-redirect") ?? settings.text("permanent-redirect");
  const code = settings.text("temporal-redirect") === undefined ? "301" : "302";
  return [
    `\t\tlocation ${where} {\n\n`,
    set("namespace", from?.metadata.namespace ?? ""),
    set("ingress_name", from?.metadata.name ?? ""),
    set("service_name", backend?.service?.metadata.name ?? ""),
    set("service_port", backend ? port : ""),
    set("location_path", path),
    "\n",
    `\t\t\tset $proxy_upstream_name "${backend?.name ?? "upstream-default-backend"}";\n\n`,
    elsewhere === undefined ? "" : `\t\t\treturn ${code} ${elsewhere};\n\n`,
    `\t\t\tproxy_connect_timeout ${seconds("proxy-connect-timeout", globals.connectSeconds)}s;\n`,
    `\t\t\tproxy_read_timeout    ${seconds("proxy-read-timeout", globals.readSeconds)}s;\n\n`,
    target !== undefined && rewrites(location) ? `\t\t\trewrite "(?i)${path}" ${target} break;\n` : "",
    `\t\t\tproxy_pass ${settings.text("backend-protocol")?.toUpperCase() === "HTTPS" ? "https" : "http"}://upstream_balancer;\n\n`,
    "\t\t}\n\n",
  ].join("");
}
