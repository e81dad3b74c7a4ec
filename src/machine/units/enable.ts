import { type Files, root } from "../define-files.ts";
import { loadUnit, unitFolders, unitName } from "./load-unit.ts";
import { namesIn } from "./parse-unit.ts";

/** Where enabling, disabling and masking write. */
const CONFIG = "/etc/systemd/system";

/** A change of links, in systemctl's words. */
export type LinkChange = string;

/** How a unit file stands, as is-enabled says; undefined where there is none. */
export function enabledState(files: Files, asked: string): string | undefined {
  const name = unitName(asked);
  const path = unitFolders.map((folder) => `${folder}/${name}`).find((at) => files.find(at, root, { follow: false }));
  if (path === undefined) return undefined;
  const unit = loadUnit(files, name);
  if (unit.load === "masked") return path.startsWith("/run") ? "masked-runtime" : "masked";
  if (unit.name !== name) return "alias";
  if (installLinks(files, unit.name).some((link) => files.find(link.path, root, { follow: false }))) return "enabled";
  return hasInstall(files, name) ? "disabled" : "static";
}

export function hasInstall(files: Files, name: string): boolean {
  const { settings } = loadUnit(files, name);
  return ["WantedBy", "RequiredBy", "Also", "Alias"].some((key) => namesIn(settings, "Install", key).length > 0);
}

interface InstallLink {
  readonly path: string;
  readonly target: string;
}

function installLinks(files: Files, name: string): readonly InstallLink[] {
  const { settings, fragment = "" } = loadUnit(files, name);
  const links = (key: string, pathOf: (word: string) => string) =>
    namesIn(settings, "Install", key).map((word) => ({ path: `${CONFIG}/${pathOf(word)}`, target: fragment }));
  return [
    ...links("Alias", (alias) => alias),
    ...links("WantedBy", (target) => `${target}.wants/${name}`),
    ...links("RequiredBy", (target) => `${target}.requires/${name}`),
  ];
}

/** Makes the links that [Install] asks for. Throws nothing; the caller has checked that the unit exists. */
export function enable(files: Files, asked: string): readonly LinkChange[] {
  const name = loadUnit(files, unitName(asked)).name;
  const also = namesIn(loadUnit(files, name).settings, "Install", "Also").filter((other) => other !== name);
  const changes: LinkChange[] = [];
  for (const { path, target } of installLinks(files, name)) {
    if (files.find(path, root, { follow: false })) continue;
    files.mkdir(path.slice(0, path.lastIndexOf("/")), root, { parents: true });
    files.symlink(target, path, root);
    changes.push(`Created symlink ${path} → ${target}.`);
  }
  return [...changes, ...also.flatMap((other) => enable(files, other))];
}

/** Takes away every link to the unit from .wants and .requires folders, and its aliases. */
export function disable(files: Files, asked: string): readonly LinkChange[] {
  const name = loadUnit(files, unitName(asked)).name;
  const also = namesIn(loadUnit(files, name).settings, "Install", "Also").filter((other) => other !== name);
  const folders = files.list(CONFIG, root).filter((entry) => /\.(wants|requires)$/.test(entry));
  const paths = [
    ...folders.map((folder) => `${CONFIG}/${folder}/${name}`),
    ...namesIn(loadUnit(files, name).settings, "Install", "Alias").map((alias) => `${CONFIG}/${alias}`),
  ].filter((path) => files.find(path, root, { follow: false })?.kind === "link");
  const changes = paths.map((path) => {
    files.unlink(path, root);
    return `Removed "${path}".`;
  });
  return [...changes, ...also.flatMap((other) => disable(files, other))];
}

/** Links the unit to /dev/null. undefined when a unit file stands in the way. */
export function mask(files: Files, asked: string): readonly LinkChange[] | undefined {
  const path = `${CONFIG}/${unitName(asked)}`;
  const stat = files.find(path, root, { follow: false });
  if (stat?.kind === "link" && files.readlink(path, root) === "/dev/null") return [];
  if (stat) return undefined;
  files.symlink("/dev/null", path, root);
  return [`Created symlink ${path} → /dev/null.`];
}

export function unmask(files: Files, asked: string): readonly LinkChange[] {
  const path = `${CONFIG}/${unitName(asked)}`;
  const isMask =
    files.find(path, root, { follow: false })?.kind === "link" && files.readlink(path, root) === "/dev/null";
  if (!isMask) return [];
  files.unlink(path, root);
  return [`Removed "${path}".`];
}

/** The units that the .wants and .requires folders of a target name. */
export function wantedBy(files: Files, target: string): readonly string[] {
  const names = new Set<string>();
  for (const folder of unitFolders)
    for (const suffix of ["wants", "requires"]) {
      const path = `${folder}/${target}.${suffix}`;
      if (files.find(path, root)?.kind === "directory") for (const name of files.list(path, root)) names.add(name);
    }
  return [...names].sort();
}

/** All unit files of a host by name, with the path of each. */
export function unitFiles(files: Files): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const folder of unitFolders) {
    if (files.find(folder, root)?.kind !== "directory") continue;
    for (const name of files.list(folder, root))
      if (/\.(service|socket|target|timer|mount|path|slice)$/.test(name) && !found.has(name))
        found.set(name, `${folder}/${name}`);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
