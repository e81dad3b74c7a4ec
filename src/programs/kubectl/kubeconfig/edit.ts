import { base64Of } from "../../../base/base64.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import { isObject, sameJson } from "../../../base/json-object.ts";
import { bytesOf } from "../../../base/text-bytes.ts";
import { toYaml } from "../../../base/yaml-out.ts";
import { Errno } from "../../../machine/define.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import type { Context } from "../context.ts";
import { CommandFault } from "../faults.ts";
import { goErrno } from "../go-errno.ts";
import { type ConfigFiles, configFilesOf, loadConfig, loadFile } from "./access.ts";
import { type Config, type Entry, emptyConfig, pathFields, type Section } from "./define.ts";
import { configObject } from "./print-config.ts";

/** The kubeconfig that `kubectl config` works on: what its files say together, with paths as they stand. */
export interface Editing {
  readonly files: ConfigFiles;
  readonly config: Config;
}

export function editConfig({ proc, globals }: Context): Editing {
  const files = configFilesOf(proc, globals.kubeconfig);
  return { files, config: loadConfig(proc, files, { resolve: false }) };
}

/** Sets (or, with undefined, removes) an entry, in the file that has it; a new one in the main file. */
export function writeEntry(
  { proc }: Context,
  { files, config }: Editing,
  section: Section,
  name: string,
  fields: JsonObject | undefined,
): void {
  const before = config[section].get(name);
  if (before && fields && sameJson(before.fields, fields)) return;
  const path = before?.origin ?? files.main;
  changeFile(proc, path, (file) => {
    if (fields) file[section].set(name, { fields: relative(fields, section, path), origin: path });
    else file[section].delete(name);
  });
}

/** Sets current-context in the main file; "" clears it wherever it stands. */
export function writeCurrentContext({ proc }: Context, { files, config }: Editing, name: string): void {
  if (config.currentContext === name) return;
  if (name !== "" || files.explicit) {
    changeFile(proc, files.main, (file) => {
      file.currentContext = name;
    });
    return;
  }
  for (const path of files.all) {
    if ((loadFile(proc, path)?.currentContext ?? "") === "") continue;
    changeFile(proc, path, (file) => {
      file.currentContext = "";
    });
  }
}

/** Changes one file as its user may. */
export function changeFile(proc: Process, path: string, change: (file: Config) => void): void {
  const file = loadFile(proc, path) ?? emptyConfig();
  change(file);
  const { files } = proc.machine;
  const { credentials } = proc;
  try {
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!files.find(folder, credentials)) files.mkdir(folder, credentials, { parents: true, mode: 0o755 });
    files.write(path, toYaml(configObject(file)), credentials, { mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new CommandFault(goErrno("open", path, error));
  }
}

/** Paths below the file's own folder are written from there. */
function relative(fields: JsonObject, section: Section, path: string): JsonObject {
  const folder = `${path.slice(0, path.lastIndexOf("/"))}/`;
  const changed = pathFields[section].flatMap((field) => {
    const value = fields[field];
    return typeof value === "string" && value.startsWith(folder) ? [[field, value.slice(folder.length)]] : [];
  });
  return changed.length === 0 ? fields : { ...fields, ...Object.fromEntries(changed) };
}

/** The fields of an entry after a change: what is undefined, empty or false is left out. */
export function changedFields(
  entry: Entry | undefined,
  changes: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const all = { ...entry?.fields, ...changes };
  const kept = Object.entries(all).filter(([, value]) => value !== undefined && value !== "" && value !== false);
  return Object.fromEntries(kept);
}

/** The file a flag names, as an absolute path; or, to be embedded, its bytes in base64. `what` names it in faults. */
export function fileForEntry(context: Context, path: string, what: string, embed: boolean): string {
  const { proc } = context;
  const absolute = pathOf(proc, path);
  if (!embed) return absolute;
  try {
    proc.machine.files.stat(absolute, proc.credentials);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new CommandFault(`could not stat ${what} file ${path}: ${goErrno("stat", path, error)}`);
  }
  return base64Of(bytesOf(context.readFile(path)));
}

/** The file that a change is reported to have gone to. */
export function reportedFile({ files }: Editing): string {
  return files.typed.get(files.main) ?? files.main;
}

/** An object that a field holds, {} where it holds none. */
export function objectAt(entry: Entry | undefined, field: string): JsonObject {
  const value = entry?.fields[field];
  return isObject(value) ? value : {};
}
