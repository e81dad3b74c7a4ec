import { type Files, root } from "../define-files.ts";
import { parseUnit, setting, type UnitSettings } from "./parse-unit.ts";

/** A unit as its files say, at the time they were read. */
export interface UnitDefinition {
  /** Its own name, where it was asked for by an alias. */
  readonly name: string;
  readonly load: "loaded" | "not-found" | "masked" | "bad-setting";
  /** The unit file. */
  readonly fragment: string | undefined;
  readonly dropIns: readonly string[];
  readonly settings: UnitSettings;
  /** What systemd would say about its files in the journal. */
  readonly problems: readonly string[];
  /** Changes when the files on disk do. */
  readonly stamp: string;
}

/** Where units lie, the strongest first. */
export const unitFolders = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
  "/lib/systemd/system",
];

/** Debian 12 shows unit files under /lib, but drop-ins under /usr/lib. */
const dropInFolders = unitFolders.map((folder) => folder.replace(/^\/lib/, "/usr/lib"));

const suffixes = [
  ".service",
  ".socket",
  ".target",
  ".timer",
  ".mount",
  ".path",
  ".slice",
  ".scope",
  ".swap",
  ".device",
];

/** A unit's full name: foo means foo.service. */
export function unitName(name: string): string {
  return suffixes.some((suffix) => name.endsWith(suffix)) ? name : `${name}.service`;
}

/** Reads a unit and its drop-ins from disk. */
export function loadUnit(files: Files, asked: string): UnitDefinition {
  const found = findFragment(files, asked);
  const name = found?.name ?? asked;
  const dropIns = findDropIns(files, name);
  const settings: UnitSettings = new Map();
  const problems: string[] = [];
  const masked = found?.path === "/dev/null";
  if (found && !masked) problems.push(...parseUnit(settings, files.read(found.path, root), found.path));
  if (!masked) for (const path of dropIns) problems.push(...parseUnit(settings, files.read(path, root), path));
  const load = masked ? "masked" : found ? verdict(name, settings, problems) : "not-found";
  const paths = found && !masked ? [found.path, ...dropIns] : dropIns;
  const stamp = paths.map((path) => `${path} ${files.find(path, root)?.modified}`).join("\n");
  return { name, load, fragment: found?.link ?? found?.path, dropIns, settings, problems, stamp: `${load}\n${stamp}` };
}

function verdict(name: string, settings: UnitSettings, problems: string[]): "loaded" | "bad-setting" {
  if (!name.endsWith(".service")) return "loaded";
  const type = setting(settings, "Service", "Type") ?? "simple";
  const exec = setting(settings, "Service", "ExecStart") ?? setting(settings, "Service", "ExecStop");
  if (exec !== undefined || setting(settings, "Service", "SuccessAction") !== undefined) {
    const many = (settings.get("Service")?.get("ExecStart")?.length ?? 0) > 1 && type !== "oneshot";
    if (!many) return "loaded";
    problems.push(
      `${name}: Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.`,
    );
  } else problems.push(`${name}: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.`);
  return "bad-setting";
}

interface Fragment {
  readonly name: string;
  readonly path: string;
  readonly link?: string;
}

function findFragment(files: Files, name: string, depth = 0): Fragment | undefined {
  for (const folder of unitFolders) {
    const path = `${folder}/${name}`;
    const stat = files.find(path, root, { follow: false });
    if (!stat) continue;
    if (stat.kind === "link") {
      const target = files.realpath(path, root);
      const other = target.slice(target.lastIndexOf("/") + 1);
      if (target === "/dev/null") return { name, path: target, link: path };
      if (other !== name && suffixes.some((suffix) => other.endsWith(suffix)) && depth < 5)
        return findFragment(files, other, depth + 1);
      if (files.find(target, root)?.kind === "file") return { name, path: target };
      continue;
    }
    if (stat.kind !== "file") continue;
    return stat.size === 0 ? { name, path: "/dev/null", link: path } : { name, path };
  }
  const at = name.indexOf("@");
  if (at > 0 && depth === 0 && name[at + 1] !== ".") {
    const template = findFragment(files, `${name.slice(0, at + 1)}${name.slice(name.lastIndexOf("."))}`, 1);
    return template && { ...template, name };
  }
  return undefined;
}

/** The drop-ins of a unit in the order they are read: by file name, the strongest folder winning for equal names. */
function findDropIns(files: Files, name: string): readonly string[] {
  const byName = new Map<string, string>();
  for (const folder of dropInFolders) {
    const path = `${folder}/${name}.d`;
    if (files.find(path, root)?.kind !== "directory") continue;
    for (const file of files.list(path, root))
      if (file.endsWith(".conf") && !byName.has(file)) byName.set(file, `${path}/${file}`);
  }
  const dropIns = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  return dropIns.filter(
    (path) => files.realpath(path, root) !== "/dev/null" && files.find(path, root)?.kind === "file",
  );
}
