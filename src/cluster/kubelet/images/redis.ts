import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import type { Image } from "./define.ts";
import { untilStopped } from "./until-stopped.ts";

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const at = argv.indexOf("--port");
  const port = at >= 0 ? Number(argv[at + 1]) : 6379;
  // Its protocol is not simulated: clients can connect, and that is all.
  proc.machine.listen({ proc, address: "0.0.0.0", port, protocol: "TCP" });
  yield* proc.write(1, `1:M * Ready to accept connections tcp\n`);
  yield* untilStopped(proc, ["TERM", "INT"]);
  yield* proc.write(1, "1:signal-handler Received SIGTERM scheduling shutdown...\n");
  return 0;
}

const program: Program = { name: "redis-server", folder: "/usr/local/bin", run };

/** Redis, as far as a connection goes. */
export const redis: Image = {
  repository: "docker.io/library/redis",
  tags: [
    "latest",
    "alpine",
    "8",
    "8.4",
    "8.2",
    "7",
    "7.4",
    "7.2",
    "7.0",
    "6",
    "6.2",
    "5",
    "7-alpine",
    "6-alpine",
    "6.0.20",
    "8-alpine",
  ],
  size: 52_000_000,
  usage: { cpu: 4, memory: 5 },
  cmd: ["redis-server"],
  programs: [program],
  userland: "debian",
};
