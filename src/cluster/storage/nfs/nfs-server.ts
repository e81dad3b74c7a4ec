import { Errno, type Program, type Task } from "../../../machine/define.ts";
import { type Files, root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { type Export, isFor, readExports } from "./exports.ts";

export const NFS_PORT = 2049;
const TABLE = "/var/lib/nfs/etab";
const EXPORTS = "/etc/exports";

/** What answers at the port of an NFS server. */
export interface NfsServer {
  readonly nfs: true;
  /** The files behind an exported path, or why a client does not get them (mount.nfs's words after the name). */
  mount(path: string, client: string): { readonly tree: Files; readonly from: string; readOnly: boolean } | NfsRefusal;
}

type NfsRefusal = { readonly refused: "absent" | "denied" };

function textOf({ machine: { files } }: Process, path: string): string {
  try {
    return files.read(path, root);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return "";
  }
}

function* serve(proc: Process): Task<number> {
  const { files } = proc.machine;
  const direct: NfsServer = {
    nfs: true,
    mount(path, client) {
      const asked = path.replace(/(?<=.)\/+$/, "");
      const exports = readExports(textOf(proc, TABLE)).filter(
        (one) => asked === one.path || asked.startsWith(`${one.path}/`),
      );
      if (exports.length === 0 || files.find(asked, root)?.kind !== "directory") return { refused: "absent" };
      const allowed = exports.find((one) => isFor(one, client));
      if (!allowed) return { refused: "denied" };
      return { tree: files, from: asked, readOnly: !allowed.options.includes("rw") };
    },
  };
  proc.machine.listen({ proc, address: "0.0.0.0", port: NFS_PORT, protocol: "TCP", direct });
  for (;;) yield* proc.wait({ on: [] });
}

/** The NFS server of nfs-kernel-server; in life its work is done within the kernel. */
const nfsd: Program = { name: "rpc.nfsd", folder: "/usr/sbin", run: endsOnTerm(serve) };

function* exportfs(proc: Process, argv: readonly string[]): Task<number> {
  const flags = argv.join("");
  const { files } = proc.machine;
  const table = (exports: readonly Export[]) =>
    exports.map(({ path, client, options }) => `${path}\t${client}(${options.join(",")})\n`).join("");
  if (/[ra]/.test(flags) && !flags.includes("u")) {
    const wanted = readExports(textOf(proc, EXPORTS));
    files.mkdir("/var/lib/nfs", root, { parents: true });
    for (const { path } of wanted)
      if (!files.find(path, root))
        yield* proc.write(2, `exportfs: Failed to stat ${path}: No such file or directory\n`);
    files.write(TABLE, table(wanted), root);
    return 0;
  }
  if (flags.includes("u")) {
    files.mkdir("/var/lib/nfs", root, { parents: true });
    files.write(TABLE, "", root);
    return 0;
  }
  for (const { path, client, options } of readExports(textOf(proc, TABLE))) {
    const who = client === "*" ? "<world>" : client;
    const shown = flags.includes("v") ? `${who}(${options.join(",")})` : who;
    yield* proc.write(1, path.length > 14 ? `${path}\n\t\t${shown}\n` : `${path.padEnd(16)}${shown}\n`);
  }
  return 0;
}

/** What nfs-kernel-server brings. */
export const nfsPrograms: readonly Program[] = [nfsd, { name: "exportfs", folder: "/usr/sbin", run: exportfs }];
