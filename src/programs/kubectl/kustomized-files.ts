import { SECOND } from "../../base/clock.ts";
import { civilTime } from "../../base/time.ts";
import { Errno } from "../../machine/define.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Context } from "./context.ts";
import { CommandFault, ManifestFault } from "./faults.ts";
import { goErrno } from "./go-errno.ts";
import { type BuildOptions, buildKustomization, resourceFiles, resourcesYaml } from "./kustomize/build.ts";
import { BuildFault } from "./kustomize/fault.ts";
import type { HostFiles } from "./kustomize/loader.ts";
import type { Resource } from "./kustomize/resource.ts";
import { type ManifestFiles, readManifestText } from "./manifest-files.ts";

/** Builds the kustomization in a folder of the host; its warnings go to stderr. */
export function kustomized(
  context: Context,
  path: string,
  options: Omit<BuildOptions, "warn" | "log"> = {},
): readonly Resource[] {
  const warn = (line: string) => context.err.line(line);
  const log = (line: string) => context.err.line(`${logTime(context)} ${line}`);
  return buildKustomization(hostFiles(context), path, { ...options, warn, log });
}

/** What was given with -k, as manifests (cli-runtime resource.KustomizeVisitor, 1.33). */
export function readKustomized(
  context: Context,
  path: string,
  { filenames, recursive }: { readonly filenames: readonly string[]; readonly recursive: boolean },
): ManifestFiles {
  if (filenames.length > 0 || recursive) throw new CommandFault("the -k flag can't be used with -f or -R");
  try {
    return readManifestText(resourcesYaml(kustomized(context, path, { sorted: true })), path);
  } catch (fault) {
    if (!(fault instanceof CommandFault)) throw fault;
    return { objects: [], faults: [{ after: 0, fault: new ManifestFault(fault.message) }], lists: 0 };
  }
}

/** Writes resources into one file, or one each into a folder. */
export function writeResources(context: Context, output: string, resources: readonly Resource[]): void {
  const { proc } = context;
  const { files } = proc.machine;
  const write = (path: string, text: string) => {
    try {
      files.write(pathOf(proc, path), text, proc.credentials);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new CommandFault(goErrno("open", path, error));
    }
  };
  if (files.find(pathOf(proc, output), proc.credentials)?.kind !== "directory") write(output, resourcesYaml(resources));
  else for (const [name, text] of resourceFiles(resources)) write(`${output.replace(/\/+$/, "")}/${name}`, text);
}

/** 2006/01/02 15:04:05 */
function logTime({ now }: Context): string {
  const { year, month, day, hour, minute, second } = civilTime(now - (now % SECOND));
  const two = (value: number) => String(value).padStart(2, "0");
  return `${year}/${two(month)}/${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

function hostFiles({ proc }: Context): HostFiles {
  const { files } = proc.machine;
  const { credentials, cwd } = proc;
  const told = <T>(call: string, path: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new BuildFault(goErrno(call, error.path ?? path, error));
    }
  };
  return {
    cwd,
    resolve(path) {
      const missing = firstMissing(path, (part) => files.find(part, credentials, { follow: false }) !== undefined);
      return told("lstat", missing ?? path, () => {
        if (missing !== undefined) files.stat(missing, credentials, { follow: false });
        const real = files.realpath(path, credentials);
        return { path: real, isFolder: files.stat(real, credentials).kind === "directory" };
      });
    },
    read(path) {
      const isFolder = files.find(pathOf(proc, path), credentials)?.kind === "directory";
      return told(isFolder ? "read" : "open", path, () => files.read(path, credentials));
    },
  };
}

/** The first part of a path that is not there. */
function firstMissing(path: string, exists: (part: string) => boolean): string | undefined {
  let whole = "";
  for (const part of path.split("/").filter((one) => one !== "")) {
    whole += `/${part}`;
    if (!exists(whole)) return whole;
  }
  return undefined;
}
