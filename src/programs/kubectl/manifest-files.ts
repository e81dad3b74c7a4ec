import type { JsonObject } from "../../base/json.ts";
import { itemsOf, readManifests } from "../../base/yaml-in/read-manifests.ts";
import { Errno, type Task } from "../../machine/define.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Context } from "./context.ts";
import { CommandFault, ManifestFault } from "./faults.ts";
import { matchingPaths } from "./matching-paths.ts";

/** An object of a manifest file. */
export interface ManifestObject {
  readonly object: JsonObject;
  /** The file as it was named; STDIN. */
  readonly source: string;
}

export interface ManifestFiles {
  readonly objects: readonly ManifestObject[];
  /** Each with how many objects stand before it. */
  readonly faults: readonly { readonly after: number; readonly fault: Error }[];
  /** How many lists were taken apart. */
  readonly lists: number;
}

const extensions = [".json", ".yaml", ".yml"];

/** Reads what was given with -f: files, folders, patterns, - for stdin. Lists are taken apart. */
export function* readManifestFiles(
  context: Context,
  filenames: readonly string[],
  recursive: boolean,
  validated = false,
): Task<ManifestFiles> {
  const sources: { text: () => string; source: string }[] = [];
  for (const name of filenames) {
    if (name === "-") {
      const text = yield* context.readStdin();
      sources.push({ text: () => text, source: "STDIN" });
    } else if (/^https?:\/\//.test(name)) {
      throw new CommandFault(`reading manifests from a URL is not simulated: ${name}`);
    } else {
      const paths = filesNamed(context, name, recursive);
      sources.push(...paths.map((path) => ({ text: () => context.readFile(path), source: path })));
    }
  }
  const objects: ManifestObject[] = [];
  const faults: { after: number; fault: Error }[] = [];
  let lists = 0;
  for (const { text, source } of sources) {
    const read = readManifestText(text(), source, validated);
    faults.push(...read.faults.map(({ after, fault }) => ({ after: after + objects.length, fault })));
    objects.push(...read.objects);
    lists += read.lists;
  }
  return { objects, faults, lists };
}

/** The objects of a manifest's text; `source` is what its faults call it. */
export function readManifestText(text: string, source: string, validated = false): ManifestFiles {
  const objects: ManifestObject[] = [];
  const faults: { after: number; fault: Error }[] = [];
  let lists = 0;
  for (const manifest of readManifests(text, source, validated)) {
    if (manifest.object === undefined) faults.push({ after: objects.length, fault: new ManifestFault(manifest.fault) });
    else {
      for (const object of apart(manifest.object)) objects.push({ object, source });
      if (itemsOf(manifest.object)) lists++;
    }
  }
  return { objects, faults, lists };
}

function apart(object: JsonObject): readonly JsonObject[] {
  const items = itemsOf(object);
  return items ? items.flatMap(apart) : [object];
}

function filesNamed(context: Context, name: string, recursive: boolean): readonly string[] {
  const paths = exists(context, name) ? [name] : matchingPaths(context.proc, name);
  if (paths.length === 0) throw new CommandFault(`the path ${JSON.stringify(name)} does not exist`);
  return paths.flatMap((path) => filesUnder(context, path, recursive));
}

function exists({ proc }: Context, name: string): boolean {
  try {
    proc.machine.files.stat(pathOf(proc, name), proc.credentials);
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "ENOENT") return false;
    throw new CommandFault(`the path "${name}" cannot be accessed: stat ${name}: ${error.message.toLowerCase()}`);
  }
}

function filesUnder(context: Context, path: string, recursive: boolean): readonly string[] {
  const { files } = context.proc.machine;
  const { credentials } = context.proc;
  if (files.stat(pathOf(context.proc, path), credentials).kind !== "directory") return [path];
  const all: string[] = [];
  // The files of a folder are called as filepath.Join makes them: without a leading ./
  const joined = (folder: string, name: string) =>
    `${folder}/${name}`.replace(/\/+(\.\/+)*/g, "/").replace(/^(\.\/)+/, "");
  const walk = (folder: string) => {
    for (const name of files.list(pathOf(context.proc, folder), credentials)) {
      const inner = joined(folder, name);
      const { kind } = files.stat(pathOf(context.proc, inner), credentials);
      if (kind === "directory") {
        if (recursive) walk(inner);
      } else if (extensions.some((extension) => name.endsWith(extension))) all.push(inner);
    }
  };
  walk(path);
  if (all.length === 0)
    throw new CommandFault(`error reading [${path}]: recognized file extensions are [${extensions.join(" ")}]`);
  return all;
}
