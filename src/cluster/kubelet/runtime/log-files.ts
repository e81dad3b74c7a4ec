import type { Micros } from "../../../base/clock.ts";
import { civilTime, rfc3339Micro } from "../../../base/time.ts";
import { root } from "../../../machine/define-files.ts";
import { watchDirectory } from "../../../machine/files/watched-directory.ts";
import type { RuntimeContainer } from "./container.ts";
import type { LogEntry } from "./log-file.ts";
import type { Runtime } from "./runtime.ts";
import { storedGzip } from "./stored-gzip.ts";

const PODS = "/var/log/pods";
const LINKS = "/var/log/containers";
const LOG_MODE = 0o640;

interface Shown {
  readonly path: string;
  readonly link: string;
  /** The number of the first entry that is not in the file yet. */
  next: number;
}

/** The containers' logs as files of their node. They are written when somebody looks, and from then on as they grow. */
export function shareLogs(runtime: Runtime): void {
  const { files } = runtime.host;
  const logs = new LogFiles(runtime);
  for (const folder of [PODS, LINKS]) {
    if (!files.find(folder, root)) files.mkdir(folder, root, { parents: true });
    watchDirectory(files, folder, () => logs.look());
  }
}

class LogFiles {
  private readonly runtime: Runtime;
  private readonly shown = new Map<RuntimeContainer, Shown>();
  private looking = false;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  look(): void {
    if (this.looking) return;
    this.looking = true;
    const there = new Set<RuntimeContainer>();
    for (const uid of this.runtime.sandboxes.keys())
      for (const container of this.runtime.containersOf(uid)) {
        there.add(container);
        if (!this.shown.has(container)) this.show(container);
      }
    for (const [container, shown] of this.shown) if (!there.has(container)) this.remove(container, shown);
    this.looking = false;
  }

  private show(container: RuntimeContainer): void {
    const { files } = this.runtime.host;
    const { log, id, name, sandbox, plan } = container;
    const folder = `${PODS}/${sandbox.namespace}_${sandbox.name}_${sandbox.uid}/${name}`;
    const path = `${folder}/${plan.attempt}.log`;
    const link = `${LINKS}/${sandbox.name}_${sandbox.namespace}_${name}-${id}.log`;
    files.mkdir(folder, root, { parents: true });
    const shown: Shown = { path, link, next: log.dropped };
    for (const [index, { at, entries }] of log.rotated.entries()) {
      const text = () => entries.map(lineOf).join("");
      const old = `${path}.${stampOf(at)}`;
      if (index === log.rotated.length - 1) files.write(old, text(), root, { mode: LOG_MODE });
      else files.lazy(`${old}.gz`, () => storedGzip(text()), { mode: LOG_MODE });
    }
    files.write(path, "", root, { mode: LOG_MODE });
    if (!files.find(link, root, { follow: false })) files.symlink(path, link, root);
    this.shown.set(container, shown);
    log.onChange = () => this.write(container, shown);
    log.onRotate = (at) => this.rotate(container, shown, at);
    this.write(container, shown);
  }

  /** Whole lines; the beginning of one only when nothing can follow. */
  private write({ log }: RuntimeContainer, shown: Shown): void {
    let text = "";
    for (let entry = log.entries[shown.next - log.dropped]; entry; entry = log.entries[shown.next - log.dropped]) {
      if (!log.closed && !entry.text.endsWith("\n")) break;
      text += lineOf(entry);
      shown.next++;
    }
    const { files } = this.runtime.host;
    if (text !== "" && files.find(shown.path, root)) files.write(shown.path, text, root, { append: true });
  }

  /** What was rotated before is compressed, what is too much goes (container_log_manager.go rotateLog, 1.35). */
  private rotate({ log }: RuntimeContainer, shown: Shown, at: Micros): void {
    const { files } = this.runtime.host;
    const folder = shown.path.slice(0, shown.path.lastIndexOf("/"));
    const prefix = `${shown.path.slice(folder.length + 1)}.`;
    shown.next = log.dropped;
    if (!files.find(shown.path, root)) return;
    for (const name of files.list(folder, root)) {
      if (!name.startsWith(prefix) || name.endsWith(".gz")) continue;
      const text = files.read(`${folder}/${name}`, root);
      files.unlink(`${folder}/${name}`, root);
      files.lazy(`${folder}/${name}.gz`, () => storedGzip(text), { mode: LOG_MODE });
    }
    files.rename(shown.path, `${shown.path}.${stampOf(at)}`, root);
    files.write(shown.path, "", root, { mode: LOG_MODE });
    const old = files.list(folder, root).filter((name) => name.startsWith(prefix));
    for (const name of old.slice(0, Math.max(0, old.length - log.rotated.length)))
      files.unlink(`${folder}/${name}`, root);
  }

  private remove(container: RuntimeContainer, { path, link }: Shown): void {
    const { files } = this.runtime.host;
    this.shown.delete(container);
    container.log.onChange = undefined;
    container.log.onRotate = undefined;
    if (files.find(link, root, { follow: false })) files.unlink(link, root);
    const folder = path.slice(0, path.lastIndexOf("/"));
    const prefix = path.slice(folder.length + 1);
    if (!files.find(folder, root)) return;
    for (const name of files.list(folder, root)) if (name.startsWith(prefix)) files.unlink(`${folder}/${name}`, root);
    const pod = folder.slice(0, folder.lastIndexOf("/"));
    for (const empty of [folder, pod]) if (files.list(empty, root).length === 0) files.rmdir(empty, root);
  }
}

/** A line as containerd writes it: the time, the stream, and that it is whole. */
function lineOf({ at, stream, text }: LogEntry): string {
  const time = rfc3339Micro(at).replace(/\.?0+Z$/, "Z");
  return `${time} ${stream} F ${text.endsWith("\n") ? text : `${text}\n`}`;
}

/** The kubelet names a rotated file by the time: 20261102-090210. */
function stampOf(at: Micros): string {
  const { year, month, day, hour, minute, second } = civilTime(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${year}${two(month)}${two(day)}-${two(hour)}${two(minute)}${two(second)}`;
}
