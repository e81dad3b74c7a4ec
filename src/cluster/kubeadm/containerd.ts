import type { Program, Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Process } from "../../machine/process.ts";

const SOCKET = "/run/containerd/containerd.sock";

/** The container runtime's daemon: while it runs, its socket is there. Containers outlive it. */
function* run(proc: Process): Task<number> {
  const { files } = proc.machine;
  files.mkdir("/run/containerd", root, { parents: true });
  files.write(SOCKET, "", root, { mode: 0o660 });
  try {
    for (;;) yield* proc.wait({ on: [] });
  } finally {
    if (files.find(SOCKET, root)) files.unlink(SOCKET, root);
  }
}

export const containerd: Program = { name: "containerd", run };
