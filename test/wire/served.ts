import { request } from "node:https";
import { onTestFinished } from "vitest";
import { type ServedWorld, serveWorld } from "../../src/wire/serve-world.ts";
import { busybox, type Lab, makeLab } from "../cluster/kubelet/setup.ts";

/** Who asks: the administrator's certificate, a token, or nobody. */
export type Who = "admin" | { readonly token: string } | "nobody";

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly bytes: Buffer;
  readonly text: string;
}

/** A served cluster with one running pod, and a client for it. */
export interface Served {
  readonly lab: Lab;
  readonly served: ServedWorld;
  readonly tls: { ca: string; cert: string; key: string };
  ask(
    path: string,
    options?: { who?: Who; method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<Answer>;
  /** Calls `line` for each line of a streamed answer until `end` is called. */
  follow(path: string, line: (text: string, end: () => void) => void): Promise<void>;
}

export async function serve(): Promise<Served> {
  const lab = makeLab(
    [
      { name: "cp", role: "control-plane" },
      { name: "w1", role: "worker" },
    ],
    "wire",
  );
  lab.apply(busybox("p", "n=0; while true; do echo line $n; n=$((n+1)); sleep 0.2; done"));
  lab.wait("p", "1/1 Running");
  const served = await serveWorld(lab.world, 0);
  onTestFinished(() => served.close());
  const { pki } = lab.world;
  const tls = { ca: pki.authority("ca"), cert: pki.certificate("admin"), key: pki.keyFile("admin")() };
  const optionsFor = (path: string, who: Who, headers: Record<string, string> = {}) => ({
    host: "127.0.0.1",
    port: served.port,
    path,
    ca: tls.ca,
    ...(who === "admin" ? { cert: tls.cert, key: tls.key } : {}),
    headers: { ...headers, ...(typeof who === "object" ? { authorization: `Bearer ${who.token}` } : {}) },
  });
  return {
    lab,
    served,
    tls,
    ask: (path, { who = "admin", method = "GET", headers, body } = {}) =>
      new Promise((resolve, reject) => {
        const asked = request({ ...optionsFor(path, who, headers), method }, (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("end", () => {
            const bytes = Buffer.concat(parts);
            resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString() });
          });
        });
        asked.on("error", reject);
        asked.end(body);
      }),
    follow: (path, line) =>
      new Promise((resolve, reject) => {
        const asked = request(optionsFor(path, "admin"), (response) => {
          let rest = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            const lines = (rest + part).split("\n");
            rest = lines.pop() ?? "";
            for (const one of lines)
              line(one, () => {
                asked.destroy();
                resolve();
              });
          });
          response.on("end", resolve);
        });
        asked.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" ? resolve() : reject(error)));
        asked.end();
      }),
  };
}
