import type { Program, Task } from "../../../../machine/define.ts";
import { type Files, root } from "../../../../machine/define-files.ts";
import { startCommand } from "../../../../machine/exec.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Image } from "../define.ts";
import { nginxProgram } from "./program.ts";

const FOLDER = "/usr/share/nginx/html";
const SCRIPT = "/docker-entrypoint.sh";
const SITE = "/etc/nginx/conf.d/default.conf";

const welcome = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
</body>
</html>
`;

const configuration = `user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;


events {
    worker_connections  1024;
}


http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile        on;
    #tcp_nopush     on;

    keepalive_timeout  65;

    #gzip  on;

    include /etc/nginx/conf.d/*.conf;
}
`;

const site = `server {
    listen       80;
    server_name  localhost;

    #access_log  /var/log/nginx/host.access.log  main;

    location / {
        root   ${FOLDER};
        index  index.html index.htm;
    }

    #error_page  404              /404.html;

    # redirect server error pages to the static page /50x.html
    #
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   ${FOLDER};
    }
}
`;

/** Fills templates of /etc/nginx/templates in, says what it does, and goes on as its arguments (the image's own script). */
function* enter(proc: Process, argv: readonly string[]): Task<number> {
  const isServer = argv[0] === "nginx" || argv[0] === "nginx-debug";
  if (isServer) {
    for (const line of prologue(proc)) yield* proc.write(1, `${line}\n`);
    proc.argv = ["nginx: master process", ...argv];
    return yield* nginxProgram.run(proc, argv.slice(1));
  }
  return yield* proc.waitFor(startCommand(proc, argv));
}

function prologue(proc: Process): readonly string[] {
  const { machine, credentials } = proc;
  const untouched = machine.untouched(SITE);
  const mine = untouched ? credentials.uid === 0 : machine.files.may(SITE, "w", credentials);
  const there = machine.filesAt(SITE).find(SITE, root) !== undefined;
  const first = "10-listen-on-ipv6-by-default.sh: info:";
  return [
    `${SCRIPT}: /docker-entrypoint.d/ is not empty, will attempt to perform configuration`,
    `${SCRIPT}: Looking for shell scripts in /docker-entrypoint.d/`,
    `${SCRIPT}: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh`,
    ...(!there
      ? [`${first} ${SITE.slice(1)} is not a file or does not exist`]
      : mine
        ? [`${first} Getting the checksum of ${SITE}`, `${first} Enabled listen on IPv6 in ${SITE}`]
        : [`${first} can not modify ${SITE} (read-only file system?)`]),
    `${SCRIPT}: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh`,
    `${SCRIPT}: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh`,
    ...fillTemplates(proc),
    `${SCRIPT}: Launching /docker-entrypoint.d/30-tune-worker-processes.sh`,
    `${SCRIPT}: Configuration complete; ready for start up`,
  ];
}

function fillTemplates(proc: Process): string[] {
  const from = "/etc/nginx/templates";
  const { machine, credentials, env } = proc;
  if (!machine.filesAt(from).find(from, root)) return [];
  const { files } = machine;
  return files.list(from, root).flatMap((name) => {
    if (!name.endsWith(".template")) return [];
    const to = `/etc/nginx/conf.d/${name.slice(0, -".template".length)}`;
    const text = files.read(`${from}/${name}`, root);
    const filled = text.replace(
      /\$\{(\w+)\}|\$(\w+)/g,
      (whole, a?: string, b?: string) => env.get(a ?? b ?? "") ?? whole,
    );
    files.write(to, filled, credentials);
    return [`20-envsubst-on-templates.sh: Running envsubst on ${from}/${name} to ${to}`];
  });
}

const entrypoint: Program = { name: "docker-entrypoint.sh", folder: "/", run: enter };

/** The versions that there are, newest first, by their minor version. */
const patches: Readonly<Record<string, readonly number[]>> = {
  "1.29": [4, 3, 2, 1, 0],
  "1.28": [1, 0],
  "1.27": [5, 4, 3, 2, 1, 0],
  "1.26": [3, 2, 1, 0],
  "1.25": [5, 4, 3, 2, 1, 0],
  "1.24": [0],
  "1.23": [4, 3, 2, 1, 0],
  "1.22": [1, 0],
  "1.21": [6, 5, 4, 3, 1, 0],
  "1.20": [2, 1, 0],
  "1.19": [10, 6, 2, 1, 0],
  "1.18": [0],
  "1.17": [10, 1, 0],
  "1.16": [1, 0],
  "1.15": [12],
  "1.14": [2],
};

const NEWEST = "1.29.4";
const STABLE = "1.28.1";

const versions = Object.entries(patches).flatMap(([minor, of]) => [minor, ...of.map((patch) => `${minor}.${patch}`)]);
const named = ["latest", "mainline", "stable", "1", ...versions];

function versionOf(tag: string): string {
  const plain = tag.replace(/-?(alpine|bookworm|trixie|slim|perl)+/g, "");
  if (plain === "stable") return STABLE;
  const minor = patches[plain];
  if (minor) return `${plain}.${minor[0]}`;
  return /^\d+\.\d+\.\d+$/.test(plain) ? plain : NEWEST;
}

function files(tree: Files): void {
  for (const folder of [FOLDER, "/etc/nginx/conf.d", "/var/cache/nginx", "/var/log/nginx"])
    tree.mkdir(folder, root, { parents: true });
  tree.write(`${FOLDER}/index.html`, welcome, root);
  const oops = welcome.replaceAll("Welcome to nginx!", "An error occurred.");
  tree.write(`${FOLDER}/50x.html`, oops, root);
  tree.write("/etc/nginx/nginx.conf", configuration, root);
  tree.write("/etc/nginx/mime.types", "types {\n    text/html                             html htm shtml;\n}\n", root);
  tree.write(SITE, site, root);
  tree.symlink("/dev/stdout", "/var/log/nginx/access.log", root);
  tree.symlink("/dev/stderr", "/var/log/nginx/error.log", root);
  tree.write(
    "/etc/passwd",
    `${tree.read("/etc/passwd", root)}nginx:x:101:101:nginx user:/nonexistent:/bin/false\n`,
    root,
  );
  tree.write("/etc/group", `${tree.read("/etc/group", root)}nginx:x:101:\n`, root);
}

/** What the image of a tag has of its own. */
export function nginxByTag(tag: string): Partial<Image> {
  const env = { NGINX_VERSION: versionOf(tag) };
  return tag.includes("alpine") ? { env, userland: "busybox", size: 20_000_000 } : { env };
}

/** The web server. */
export const nginx: Image = {
  repository: "docker.io/library/nginx",
  tags: [...named, ...named.map((tag) => (tag === "latest" ? "alpine" : `${tag}-alpine`))],
  size: 59_000_000,
  usage: { cpu: 0.2, memory: 4 },
  entrypoint: [SCRIPT],
  cmd: ["nginx", "-g", "daemon off;"],
  env: { NGINX_VERSION: NEWEST },
  stopSignal: "QUIT",
  programs: [entrypoint, nginxProgram],
  userland: "debian",
  tools: ["curl"],
  byTag: nginxByTag,
  files,
};
