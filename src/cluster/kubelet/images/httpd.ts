import type { Program, Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import type { Image } from "./define.ts";
import { untilStopped } from "./until-stopped.ts";
import { webPages } from "./web-pages.ts";

const FOLDER = "/usr/local/apache2/htdocs";

function* run(proc: Process): Task<number> {
  const page = (status: number, words: string) =>
    `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${words}</title>\n</head><body>\n<h1>${words}</h1>\n</body></html>\n`;
  const http = webPages(
    proc,
    FOLDER,
    page,
    (request, status, bytes) =>
      `${request.from ?? "-"} - - "${request.method} ${request.path} HTTP/1.1" ${status} ${bytes}`,
    "Apache/2.4.66 (Unix)",
  );
  proc.machine.listen({ proc, address: "0.0.0.0", port: 80, protocol: "TCP", http });
  yield* proc.write(2, "AH00094: Command line: 'httpd -D FOREGROUND'\n");
  yield* untilStopped(proc, ["TERM", "INT", "WINCH"]);
  return 0;
}

const program: Program = { name: "httpd", also: ["httpd-foreground"], folder: "/usr/local/bin", run };

/** Apache's web server. */
export const httpd: Image = {
  repository: "docker.io/library/httpd",
  tags: ["latest", "alpine", "2", "2.4", "2.4.66", "2.4.65", "2-alpine", "2.4-alpine", "2.4.46"],
  size: 45_000_000,
  usage: { cpu: 1, memory: 7 },
  cmd: ["httpd-foreground"],
  programs: [program],
  userland: "debian",
  stopSignal: "WINCH",
  byTag: (tag) => (tag.includes("alpine") ? { userland: "busybox", size: 22_000_000 } : {}),
  files(files) {
    files.mkdir(FOLDER, root, { parents: true });
    files.write(`${FOLDER}/index.html`, "<html><body><h1>It works!</h1></body></html>\n", root);
  },
};
