import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import type { Image } from "./define.ts";
import { untilStopped } from "./until-stopped.ts";

function* run(proc: Process): Task<number> {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  const http = () => ({ status: 200, headers, body: `shop ${proc.env.get("SHOP_VERSION") ?? ""}\n` });
  proc.machine.listen({ proc, address: "0.0.0.0", port: 8080, protocol: "TCP", http });
  yield* proc.write(1, "listening on :8080\n");
  yield* untilStopped(proc);
  return 0;
}

const program: Program = { name: "shop", folder: "/usr/local/bin", run };

/** An application in a private registry, which gives it to nobody without the login (the lab's own). */
export const shopWeb: Image = {
  repository: "registry.corp.example/shop/web",
  tags: ["latest", "1.0", "1.1"],
  size: 11_000_000,
  login: { user: "puller", password: "s3cr3t-pull" },
  usage: { cpu: 0.5, memory: 9 },
  cmd: ["shop"],
  env: { SHOP_VERSION: "1.0" },
  programs: [program],
  userland: "busybox",
};
