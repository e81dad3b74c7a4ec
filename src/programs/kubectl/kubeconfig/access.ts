import { cleanPath } from "../../../base/clean-path.ts";
import { FormatError } from "../../../base/format-error.ts";
import { Errno } from "../../../machine/define.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import { CommandFault } from "../faults.ts";
import { goErrno } from "../go-errno.ts";
import { type Config, type Entry, pathFields, type Section } from "./define.ts";
import { mergeConfigs, readConfig } from "./read-config.ts";

/** Which kubeconfig files a command uses (clientcmd.ClientConfigLoadingRules). */
export interface ConfigFiles {
  /** --kubeconfig, as an absolute path. */
  readonly explicit: string | undefined;
  /** Where entries go that are in no file yet: the first that exists, else the last. */
  readonly main: string;
  /** How files are called in messages: as they were typed. */
  readonly typed: ReadonlyMap<string, string>;
  /** All of them, the first has the first word. */
  readonly all: readonly string[];
}

export function configFilesOf(proc: Process, explicit: string): ConfigFiles {
  if (explicit !== "") {
    const path = pathOf(proc, explicit);
    return { explicit: path, main: path, typed: new Map([[path, explicit]]), all: [path] };
  }
  const home = `${proc.env.get("HOME") ?? ""}/.kube/config`;
  const listed = (proc.env.get("KUBECONFIG") ?? "").split(":").filter((path) => path !== "");
  const typed = new Map((listed.length > 0 ? listed : [home]).map((path) => [pathOf(proc, path), path]));
  const all = [...typed.keys()];
  const existing = all.find((path) => proc.machine.files.find(path, proc.credentials));
  return { explicit: undefined, main: existing ?? all.at(-1) ?? home, typed, all };
}

/** The files' texts merged, with paths made absolute. A missing file counts as empty unless it was asked for by name. */
export function loadConfig(proc: Process, files: ConfigFiles, options: { resolve?: boolean } = {}): Config {
  const faults: string[] = [];
  const configs: Config[] = [];
  for (const path of files.all) {
    try {
      const config = loadFile(proc, path, files.typed.get(path));
      if (config) configs.push(options.resolve === false ? config : resolved(config, path));
    } catch (fault) {
      if (!(fault instanceof CommandFault)) throw fault;
      faults.push(fault.message);
    }
  }
  if (faults.length > 0) throw new CommandFault(faults.length === 1 ? (faults[0] ?? "") : `[${faults.join(", ")}]`);
  return mergeConfigs(configs);
}

/** One file as it stands; undefined where there is none. */
export function loadFile(proc: Process, path: string, shown = path): Config | undefined {
  let text: string;
  try {
    text = proc.machine.files.read(path, proc.credentials);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "ENOENT") return undefined;
    const why = error.code === "EISDIR" ? `read ${shown}: is a directory` : goErrno("open", shown, error);
    throw new CommandFault(`error loading config file "${shown}": ${why}`);
  }
  try {
    return readConfig(text, path);
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    throw new CommandFault(`error loading config file "${shown}": ${problem.message}`);
  }
}

/** The same with its relative paths made absolute, from the folder of the file. */
function resolved(config: Config, path: string): Config {
  const folder = path.slice(0, path.lastIndexOf("/"));
  for (const section of ["clusters", "users"] as const)
    for (const [name, entry] of config[section]) config[section].set(name, resolvedEntry(entry, section, folder));
  return config;
}

function resolvedEntry(entry: Entry, section: Section, folder: string): Entry {
  const changes = pathFields[section].flatMap((field) => {
    const value = entry.fields[field];
    return typeof value === "string" && !value.startsWith("/") ? [[field, cleanPath(`${folder}/${value}`)]] : [];
  });
  return changes.length === 0 ? entry : { ...entry, fields: { ...entry.fields, ...Object.fromEntries(changes) } };
}
