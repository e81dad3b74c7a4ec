import type { HttpResponse } from "../../../base/http.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import { errorTimeUtc } from "./clock-text.ts";
import { daemon, pathOf } from "./daemon.ts";
import type { Image } from "./define.ts";
import { webPages } from "./web-pages.ts";

const html = (status: number, body: string, more: Record<string, string> = {}): HttpResponse => ({
  status,
  headers: { "content-type": "text/html; charset=UTF-8", ...more },
  body,
});

/** Whether the database that WordPress is told of (WORDPRESS_DB_HOST) can be connected to. */
function hasDatabase(proc: Process): boolean {
  const { machine, env } = proc;
  const [name = "", port = "3306"] = (env.get("WORDPRESS_DB_HOST") ?? "mysql").split(":");
  const found = machine.network.resolve(machine, name);
  if (!("addresses" in found)) return false;
  return "listener" in machine.network.dial(machine, found.addresses[0] ?? "", Number(port));
}

const wordpressServer = daemon({
  name: "apache2-foreground",
  start(proc) {
    return {
      ports: [
        {
          port: 80,
          http: (request) => {
            const server = { server: "Apache/2.4.65 (Debian)", "x-powered-by": "PHP/8.3.28" };
            if (!hasDatabase(proc))
              return html(
                500,
                "<!DOCTYPE html>\n<html>\n<head>\n<title>Database Error</title>\n</head>\n<body><h1>Error establishing a database connection</h1></body>\n</html>\n",
                server,
              );
            if (pathOf(request) === "/wp-admin/install.php")
              return html(
                200,
                "<!DOCTYPE html>\n<html>\n<head>\n<title>WordPress &rsaquo; Installation</title>\n</head>\n</html>\n",
                server,
              );
            const host = request.headers.host ?? "localhost";
            return html(302, "", {
              ...server,
              "x-redirect-by": "WordPress",
              location: `http://${host}/wp-admin/install.php`,
            });
          },
        },
      ],
      says: [
        "WordPress not found in /var/www/html - copying now...",
        "Complete! WordPress has been successfully copied to /var/www/html",
        "AH00094: Command line: 'apache2 -D FOREGROUND'",
      ],
    };
  },
});

const phpServer = daemon({
  name: "apache2-foreground",
  start(proc) {
    const page = (status: number, words: string) =>
      `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${words}</title>\n</head><body>\n<h1>${words}</h1>\n</body></html>\n`;
    const log = () => undefined;
    return {
      ports: [{ port: 80, http: webPages(proc, "/var/www/html", page, log, "Apache/2.4.65 (Debian)") }],
      says: ["AH00094: Command line: 'apache2 -D FOREGROUND'"],
    };
  },
});

const tomcatServer = daemon({
  name: "catalina.sh",
  folder: "/usr/local/tomcat/bin",
  start(proc) {
    const page =
      '<!doctype html><html lang="en"><head><title>HTTP Status 404 – Not Found</title></head><body><h1>HTTP Status 404 – Not Found</h1></body></html>';
    const at = errorTimeUtc(proc).slice(11);
    return {
      ports: [{ port: 8080, http: () => html(404, page) }],
      says: [
        `${at} INFO [main] org.apache.coyote.AbstractProtocol.start Starting ProtocolHandler ["http-nio-8080"]`,
        `${at} INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [42] milliseconds`,
      ],
    };
  },
  endsWith: 143,
});

const jenkinsServer = daemon({
  name: "jenkins.sh",
  start(proc) {
    const page =
      "<html><head><meta http-equiv='refresh' content='1;url=/login?from=%2F'/></head><body>Authentication required</body></html>";
    return {
      ports: [
        {
          port: 8080,
          http: (request) =>
            pathOf(request) === "/login"
              ? html(200, "<title>Sign in - Jenkins</title>\n")
              : html(403, page, { "x-jenkins": "2.528.2" }),
        },
        { port: 50000 },
      ],
      says: [
        `${errorTimeUtc(proc)}+0000 [id=24]\tINFO\thudson.lifecycle.Lifecycle#onReady: Jenkins is fully up and running`,
      ],
    };
  },
  endsWith: 143,
});

const caddyServer = daemon({
  name: "caddy",
  folder: "/usr/bin",
  start(proc) {
    const page = () => "";
    return {
      ports: [{ port: 80, http: webPages(proc, "/usr/share/caddy", page, () => undefined, "Caddy") }, { port: 2019 }],
      says: [
        '{"level":"info","msg":"using config from file","file":"/etc/caddy/Caddyfile"}',
        '{"level":"info","msg":"serving initial configuration"}',
      ],
    };
  },
});

/** Web applications and servers, each as far as its first page goes. */
export const webApps: readonly Image[] = [
  {
    repository: "docker.io/library/wordpress",
    tags: ["latest", "apache", "6", "6.8", "6.8.3", "6.7", "6.2.1-apache", "4.8-apache", "php8.3-apache"],
    size: 250_000_000,
    usage: { cpu: 1, memory: 30 },
    cmd: ["apache2-foreground"],
    programs: [wordpressServer],
    userland: "debian",
    tools: ["curl"],
  },
  {
    repository: "docker.io/library/php",
    tags: ["apache", "8-apache", "8.4-apache", "8.3-apache", "8.2-apache", "7.4-apache", "7.2-apache"],
    size: 180_000_000,
    usage: { cpu: 1, memory: 9 },
    cmd: ["apache2-foreground"],
    programs: [phpServer],
    userland: "debian",
    tools: ["curl"],
    files: (files) => files.mkdir("/var/www/html", root, { parents: true }),
  },
  {
    repository: "docker.io/library/tomcat",
    tags: ["latest", "11", "11.0", "10", "10.1", "9", "9.0", "8", "8.5"],
    size: 200_000_000,
    usage: { cpu: 2, memory: 95 },
    cmd: ["catalina.sh", "run"],
    env: {
      CATALINA_HOME: "/usr/local/tomcat",
      PATH: "/usr/local/tomcat/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    },
    programs: [tomcatServer],
    userland: "debian",
    tools: ["curl"],
  },
  {
    repository: "docker.io/jenkins/jenkins",
    tags: ["latest", "lts", "lts-jdk21", "2.528.2"],
    size: 270_000_000,
    usage: { cpu: 8, memory: 480 },
    entrypoint: ["jenkins.sh"],
    user: 1000,
    programs: [jenkinsServer],
    userland: "debian",
    tools: ["curl"],
  },
  {
    repository: "docker.io/library/caddy",
    tags: ["latest", "alpine", "2", "2.10", "2.9", "2-alpine"],
    size: 22_000_000,
    usage: { cpu: 0.3, memory: 14 },
    cmd: ["caddy", "run", "--config", "/etc/caddy/Caddyfile"],
    programs: [caddyServer],
    userland: "busybox",
    files(files) {
      files.mkdir("/usr/share/caddy", root, { parents: true });
      files.write(
        "/usr/share/caddy/index.html",
        "<!DOCTYPE html>\n<html>\n<head>\n<title>Caddy works!</title>\n</head>\n</html>\n",
        root,
      );
    },
  },
];
