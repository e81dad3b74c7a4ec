import { SECOND } from "../../../base/clock.ts";
import { rfc3339Micro } from "../../../base/time.ts";
import { Errno, type OpenFile } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import type { Flags } from "../../daemon/flags.ts";
import type { AuditLog } from "./define.ts";
import { readPolicy } from "./policy.ts";

const MEGABYTE = 1024 * 1024;
const DAY = 24 * 3600 * SECOND;

/** The audit log that the flags ask for; a text says why the server cannot write one (apiserver options/audit.go, 1.35). */
export function auditLog(proc: Process, flags: Flags): AuditLog | string | undefined {
  const { "audit-policy-file": policyPath, "audit-log-path": path, "audit-log-format": format = "json" } = flags;
  const problem = flagProblem(flags);
  if (problem !== undefined) return problem;
  if (!policyPath) return undefined;
  const { files } = proc.machine;
  let text: string;
  try {
    text = files.read(policyPath, root);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const why = `open ${policyPath}: ${error.message.toLowerCase()}`;
    return `loading audit policy file: failed to read file path "${policyPath}": ${why}`;
  }
  const policy = readPolicy(text, policyPath);
  if (typeof policy === "string" || !path) return typeof policy === "string" ? policy : undefined;
  const write = path === "-" ? (line: string) => void proc.fds.get(1)?.write?.(line) : fileWriter(proc, flags, path);
  return typeof write === "string" ? write : { policy, format: format === "legacy" ? "legacy" : "json", write };
}

function flagProblem(flags: Flags): string | undefined {
  const format = flags["audit-log-format"];
  if (format !== undefined && format !== "json" && format !== "legacy")
    return `invalid audit log format ${format}, allowed formats are "legacy,json"`;
  const path = flags["audit-log-path"];
  for (const name of ["maxage", "maxbackup", "maxsize"]) {
    const value = flags[`audit-log-${name}`];
    if (path && value !== undefined && Number(value) < 0)
      return `--audit-log-${name} ${value} can't be a negative number`;
  }
  return undefined;
}

/** Writes into a file, which is put aside when it is full (--audit-log-maxsize, -maxbackup, -maxage; lumberjack v2). */
function fileWriter(proc: Process, flags: Flags, path: string): ((line: string) => void) | string {
  const { files } = proc.machine;
  const most = (Number(flags["audit-log-maxsize"] ?? 100) || 100) * MEGABYTE;
  const folder = path.replace(/\/[^/]*$/, "") || "/";
  const open = (): OpenFile => {
    files.mkdir(folder, root, { parents: true, mode: 0o700 });
    return files.open(path, root, { write: true, append: true, create: true, mode: 0o600 });
  };
  let file: OpenFile;
  try {
    file = open();
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return `ensureLogFile: open ${path}: ${error.message.toLowerCase()}`;
  }
  let size = files.find(path, root)?.size ?? 0;
  return (line) => {
    if (size > 0 && size + line.length > most) {
      file.close?.();
      putAside(proc, flags, path, folder);
      file = open();
      size = 0;
    }
    size += line.length;
    file.write?.(line);
  };
}

/** Renames the full file by the time, and removes those that are too many or too old. */
function putAside({ machine: { files, kernel } }: Process, flags: Flags, path: string, folder: string): void {
  const [, stem = "", ending = ""] = /^(?:.*\/)?(.*?)(\.[^./]*)?$/.exec(path) ?? [];
  const stamp = (at: number) => rfc3339Micro(at).slice(0, 23).replaceAll(":", "-");
  if (files.find(path, root)) files.rename(path, `${folder}/${stem}-${stamp(kernel.clock.now)}${ending}`, root);
  const olds = files.list(folder, root).filter((name) => name.startsWith(`${stem}-`) && name.endsWith(ending));
  const keep = Number(flags["audit-log-maxbackup"] ?? 0);
  const age = Number(flags["audit-log-maxage"] ?? 0);
  const oldest = age > 0 ? `${stem}-${stamp(kernel.clock.now - age * DAY)}` : "";
  const kept = keep > 0 ? olds.slice(-keep) : olds;
  for (const name of olds) if (!kept.includes(name) || name < oldest) files.unlink(`${folder}/${name}`, root);
}
