import { civilTime } from "../../../base/time.ts";
import { Errno, type Program, type Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import type { Image } from "./define.ts";
import { untilStopped } from "./until-stopped.ts";
import { webPages } from "./web-pages.ts";

const FOLDER = "/usr/share/nginx/html";

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

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function logTime(proc: Process): string {
  const t = civilTime(proc.machine.kernel.clock.now);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(t.day)}/${months[t.month - 1]}/${t.year}:${two(t.hour)}:${two(t.minute)}:${two(t.second)} +0000`;
}

/** Ports of the `listen` lines in the configuration; 80 where it has none. */
function portsOf(configuration: string): number[] {
  const found = [...configuration.matchAll(/^\s*listen\s+(?:[\d.]+:)?(\d+)/gm)].map((m) => Number(m[1]));
  return found.length > 0 ? [...new Set(found)] : [80];
}

function configurationOf(proc: Process): string {
  const folder = "/etc/nginx/conf.d";
  const files = proc.machine.filesAt(folder);
  const names = files.find(folder, root) ? files.list(folder, root).filter((name) => name.endsWith(".conf")) : [];
  return names.map((name) => files.read(`${folder}/${name}`, root)).join("\n");
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const version = `nginx/${proc.env.get("NGINX_VERSION") ?? ""}`;
  if (argv[0] === "-v") {
    yield* proc.write(2, `nginx version: ${version}\n`);
    return 0;
  }
  const page = (status: number, words: string) =>
    `<html>\r\n<head><title>${status} ${words}</title></head>\r\n<body>\r\n<center><h1>${status} ${words}</h1></center>\r\n<hr><center>${version}</center>\r\n</body>\r\n</html>\r\n`;
  const configuration = configurationOf(proc);
  const folder = /^\s*root\s+([^;]+);/m.exec(configuration)?.[1] ?? FOLDER;
  const http = webPages(
    proc,
    folder,
    page,
    (request, status, bytes) => {
      const agent = request.headers["user-agent"] ?? "-";
      return `${request.from ?? "-"} - - [${logTime(proc)}] "${request.method} ${request.path} HTTP/1.1" ${status} ${bytes} "-" "${agent}" "-"`;
    },
    version,
  );
  for (const port of portsOf(configuration)) {
    try {
      proc.machine.listen({ proc, address: "0.0.0.0", port, protocol: "TCP", http });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* proc.write(2, `nginx: [emerg] bind() to 0.0.0.0:${port} failed (98: Address already in use)\n`);
      return 1;
    }
  }
  yield* proc.write(2, `/docker-entrypoint.sh: Configuration complete; ready for start up\n`);
  yield* untilStopped(proc);
  return 0;
}

const program: Program = { name: "nginx", folder: "/usr/sbin", run };

/** The web server. */
export const nginx: Image = {
  repository: "docker.io/library/nginx",
  tags: [
    "latest",
    "alpine",
    "stable",
    "mainline",
    "1",
    "1.29",
    "1.29.4",
    "1.29.3",
    "1.29.0",
    "1.28",
    "1.28.0",
    "1.27",
    "1.27.5",
    "1.27.0",
    "1.26",
    "1.25",
    "1.25.5",
    "1.24",
    "1.24.0",
    "1.23",
    "1.22",
    "1.21",
    "1.20",
    "1.19",
    "1.18",
    "1.17",
    "1.16",
    "1.29-alpine",
    "1.28-alpine",
    "1.27-alpine",
    "1.26-alpine",
    "1.25-alpine",
    "1.24-alpine",
    "1.23-alpine",
    "1.22-alpine",
    "1.21-alpine",
    "1.20-alpine",
    "1.19-alpine",
    "1.18-alpine",
    "1.17-alpine",
    "1.16-alpine",
    "1.14.2",
    "1.15",
    "1.16.1",
    "1.17.1",
    "1.19.1",
  ],
  size: 59_000_000,
  usage: { cpu: 0.2, memory: 4 },
  cmd: ["nginx", "-g", "daemon off;"],
  env: { NGINX_VERSION: "1.29.4" },
  programs: [program],
  userland: "debian",
  tools: ["curl"],
  files(files) {
    files.mkdir(FOLDER, root, { parents: true });
    files.mkdir("/etc/nginx/conf.d", root, { parents: true });
    files.write(`${FOLDER}/index.html`, welcome, root);
    const conf = `server {\n    listen       80;\n    server_name  localhost;\n\n    location / {\n        root   ${FOLDER};\n        index  index.html index.htm;\n    }\n}\n`;
    files.write("/etc/nginx/conf.d/default.conf", conf, root);
  },
};
