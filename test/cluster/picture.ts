import type { ApiServer } from "../../src/cluster/apiserver/server.ts";
import { RUNTIME_PART, type Runtime } from "../../src/cluster/kubelet/runtime/runtime.ts";
import type { Store } from "../../src/cluster/store/define.ts";
import type { World } from "../../src/cluster/world.ts";
import { Errno } from "../../src/machine/define.ts";
import { type Files, root } from "../../src/machine/define-files.ts";
import { journalOf } from "../../src/machine/journal.ts";
import type { Machine } from "../../src/machine/machine.ts";

/** Lines that say all that can be seen of a world: etcd, every file, every journal, what runs and what it wrote. */
export function pictureOf(world: World): string[] {
  const lines = [`now ${world.clock.now}`];
  for (const line of storeOf(world)
    .snapshot()
    .split(/(?=\{"kind")|(?=\{"apiVersion")/))
    lines.push(`etcd ${line}`);
  for (const machine of world.machines.values()) {
    for (const line of filesIn(machine.files, "")) lines.push(`${machine.name} ${line}`);
    for (const entry of journalOf(machine).entries) lines.push(`${machine.name} journal ${JSON.stringify(entry)}`);
    for (const proc of machine.processes.values())
      lines.push(`${machine.name} process ${proc.pid} ${proc.state} ${proc.started} ${proc.argv.join(" ")}`);
    lines.push(...containersOn(machine));
  }
  // What chance would give next tells how often it was asked.
  lines.push(`chance ${world.random.next32()}`);
  return lines;
}

export function storeOf(world: World): Store {
  return (world.door() as ApiServer).context.storage.store;
}

function* filesIn(files: Files, folder: string): Generator<string> {
  for (const name of files.list(folder || "/", root)) {
    const path = `${folder}/${name}`;
    if (path === "/proc" || path === "/dev") continue;
    const { kind, mode, uid, gid, modified, links, inode } = files.stat(path, root, { follow: false });
    const about = `${kind} ${mode.toString(8)} ${uid}:${gid} ${modified} ${links} #${inode}`;
    if (kind === "directory") {
      yield `${path} ${about}`;
      yield* filesIn(files, path);
    } else if (kind === "link") yield `${path} ${about} -> ${files.readlink(path, root)}`;
    else yield `${path} ${about} ${JSON.stringify(textAt(files, path))}`;
  }
}

function textAt(files: Files, path: string): string {
  try {
    return files.read(path, root);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return error.code;
  }
}

function containersOn(machine: Machine): string[] {
  const runtime = machine.parts.get(RUNTIME_PART) as Runtime | undefined;
  return [...(runtime?.containers.values() ?? [])].flat().flatMap((container) => {
    const { name, id, state, started, finished, exitCode, log } = container;
    const about = `${machine.name} container ${name} ${id} ${state} ${started} ${finished} ${exitCode}`;
    return [about, ...log.entries.map((entry) => `${name} log ${JSON.stringify(entry)}`)];
  });
}

/** Where two pictures first differ, in words; undefined when they do not. */
export function difference(a: readonly string[], b: readonly string[]): string | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i++)
    if (a[i] !== b[i]) return `line ${i}:\n  ${shortened(a[i], b[i])}\n  ${shortened(b[i], a[i])}`;
  return undefined;
}

function shortened(text = "(nothing)", other = ""): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  return `${text.slice(0, 120)} … ${text.slice(Math.max(0, at - 60), at + 120)}`;
}
