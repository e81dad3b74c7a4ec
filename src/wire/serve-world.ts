import { base64Of } from "../base/base64.ts";
import type { HttpRequest, HttpResponse } from "../base/http.ts";
import { bytesOf } from "../base/text-bytes.ts";
import type { World } from "../cluster/world.ts";
import { startApiServer } from "./api-https.ts";

/** How often the world is brought up to the wall clock while nobody asks, in milliseconds: watches hear of changes this late. */
const TICK = 20;

/**
 * How the world's time goes: with the wall clock, or (for comparing) only while a stream is open, and then this much
 * faster, so that two runs of the same lines see the same world.
 */
export type Pace = "wall" | { readonly whileStreaming: number };

export interface ServedWorld {
  readonly port: number;
  /** A kubeconfig for its administrator, pointing to 127.0.0.1. */
  readonly kubeconfig: string;
  /** How many watches (followed logs, too) and sessions were opened so far. */
  readonly opened: { readonly watches: number; readonly sessions: number };
  close(): Promise<void>;
}

/** Serves a world's API on 127.0.0.1. Port 0 takes a free one. */
export async function serveWorld(world: World, port: number, pace: Pace = "wall"): Promise<ServedWorld> {
  let last = performance.now();
  let streams = 0;
  const opened = { watches: 0, sessions: 0 };
  const catchUp = () => {
    const now = performance.now();
    const speed = pace === "wall" ? 1 : streams > 0 ? pace.whileStreaming : 0;
    const passed = Math.round((now - last) * 1000 * speed);
    last = now;
    if (world.clock.holds === 0) world.clock.run(world.clock.now + passed);
  };
  const machine = world.controlPlane;
  const { pki } = world;
  const server = await startApiServer(
    {
      certificate: pki.certificate(`${machine.name}/apiserver`),
      key: pki.keyFile(`${machine.name}/apiserver`)(),
      clientAuthority: pki.authority("ca"),
      catchUp,
      handle(request) {
        const response = answer(world, request);
        const stream = response.stream ?? response.session?.output;
        if (stream && !stream.closed) {
          streams++;
          opened[response.session ? "sessions" : "watches"]++;
          stream.changed.add(function ended() {
            if (stream.closed) streams--;
            else stream.changed.add(ended);
          });
        }
        return response;
      },
    },
    port,
  );
  const timer = setInterval(catchUp, TICK);
  return {
    port: server.port,
    opened,
    kubeconfig: kubeconfigOf(world, server.port),
    close() {
      clearInterval(timer);
      return server.close();
    },
  };
}

/** Whoever answers at the cluster's address now. */
function answer(world: World, request: HttpRequest): HttpResponse {
  const door = world.door();
  if (door) return door.handle(request);
  const text = "the API server of this world does not run\n";
  return { status: 503, headers: { "content-type": "text/plain; charset=utf-8" }, body: text };
}

function kubeconfigOf(world: World, port: number): string {
  const { pki } = world;
  const encoded = (text: string) => base64Of(bytesOf(text));
  const name = world.plan.cluster ?? "kubernetes";
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${encoded(pki.authority("ca"))}
    server: https://127.0.0.1:${port}
  name: ${name}
contexts:
- context:
    cluster: ${name}
    user: kubernetes-admin
  name: kubernetes-admin@${name}
current-context: kubernetes-admin@${name}
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: ${encoded(pki.certificate("admin"))}
    client-key-data: ${encoded(pki.keyFile("admin")())}
`;
}
