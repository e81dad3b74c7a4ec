import type { HttpResponse } from "../../../base/http.ts";
import { errorTimeUtc } from "./clock-text.ts";
import { daemon, plainText } from "./daemon.ts";
import type { Image } from "./define.ts";

/** The value of a flag in Go's manner: -text=x, --text x. */
function flag(argv: readonly string[], name: string): string | undefined {
  for (const [i, word] of argv.entries()) {
    const match = /^--?([\w-]+)(?:=([\s\S]*))?$/.exec(word);
    if (match?.[1] === name) return match[2] ?? argv[i + 1];
  }
  return undefined;
}

const well: HttpResponse = { status: 200, headers: { "content-type": "application/json" }, body: '{"status":"ok"}' };

const server = daemon({
  name: "http-echo",
  folder: "/",
  start(proc, argv) {
    const text = flag(argv, "text") ?? proc.env.get("ECHO_TEXT");
    const listen = flag(argv, "listen") ?? ":5678";
    const port = Number(listen.split(":").at(-1));
    if (!text) return { status: 127, complains: ["Missing -text option!"] };
    const status = Number(flag(argv, "status-code") ?? 200);
    const line = (words: string) => `${errorTimeUtc(proc).slice(0, 19).replaceAll("-", "/")} ${words}`;
    return {
      ports: [
        {
          port,
          http: (request) => {
            if (request.path === "/health") return well;
            proc.fds
              .get(1)
              ?.write?.(
                `${line(`${request.headers.host ?? ""} ${request.from ?? ""} "${request.method} ${request.path} HTTP/1.1" ${status} ${text.length + 1}`)}\n`,
              );
            const answer = plainText(`${text}\n`, status);
            return { ...answer, headers: { ...answer.headers, "x-app-name": "http-echo", "x-app-version": "1.0.0" } };
          },
        },
      ],
      says: [line(`[INFO] server is listening on ${listen}`)],
    };
  },
});

/** HashiCorp's server that answers with one text. */
export const httpEcho: Image = {
  repository: "docker.io/hashicorp/http-echo",
  tags: ["latest", "1.0", "1.0.0", "1.0.1", "0.2.3", "alpine"],
  size: 5_000_000,
  usage: { cpu: 0.1, memory: 3 },
  entrypoint: ["/http-echo"],
  user: 65532,
  programs: [server],
  userland: "none",
};
