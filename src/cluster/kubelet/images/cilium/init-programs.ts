import type { Program, Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";

/** Puts Cilium's plugin, and loopback where it is missing, on the host (plugins/cilium-cni/install-plugin.sh, 1.18). */
function* installPlugin(proc: Process): Task<number> {
  const { files } = proc.machine;
  const folder = "/host/opt/cni/bin";
  if (!files.find(folder, root)) files.mkdir(folder, root, { parents: true });
  for (const name of ["cilium-cni", "loopback"]) {
    const path = `${folder}/${name}`;
    if (name === "loopback" && files.find(path, root)) continue;
    if (files.find(path, root)) files.unlink(path, root);
    yield* proc.write(1, `Installing ${name} to ${folder}/ ...\n`);
    files.write(path, `\u007fELF\u0002\u0001\u0001${name}\n`, root, { mode: 0o755 });
  }
  yield* proc.write(1, `wrote ${folder}/cilium-cni\n`);
  return 0;
}

/** What prepares the host's kernel: nothing of it is seen from inside the simulation. */
function* nothing(): Task<number> {
  return 0;
}

/** The programs of the agent's init containers. */
export const initPrograms: readonly Program[] = [
  { name: "install-plugin.sh", folder: "/", run: installPlugin },
  { name: "init-container.sh", folder: "/", run: nothing },
  { name: "cilium-mount", folder: "/usr/bin", run: nothing },
  { name: "cilium-sysctlfix", folder: "/usr/bin", run: nothing },
];
