import { cleanPath } from "../../../base/clean-path.ts";
import { BuildFault, NotSimulatedFault, within } from "./fault.ts";

/** The files of the host that builds; what fails is a BuildFault in Go's words. */
export interface HostFiles {
  /** The path of what stands at an absolute path, without links, and whether it is a folder. Fails like lstat. */
  resolve(path: string): { readonly path: string; readonly isFolder: boolean };
  read(path: string): string;
  readonly cwd: string;
}

/** Loads the files of one kustomization; what it names is relative to its folder (kustomize FileLoader, 5.6). */
export class Loader {
  readonly root: string;
  private readonly files: HostFiles;
  private readonly restricted: boolean;
  private readonly referrer: Loader | undefined;

  private constructor(files: HostFiles, root: string, restricted: boolean, referrer?: Loader) {
    this.files = files;
    this.root = root;
    this.restricted = restricted;
    this.referrer = referrer;
  }

  /** For the folder that a command line names. `restricted`: kustomizations load no file from outside their folders. */
  static at(files: HostFiles, path: string, restricted: boolean): Loader {
    refuseRemote(path);
    return new Loader(files, confirmed(files, path), restricted);
  }

  /** The text of a file. */
  load(path: string): string {
    if (/^https?:/i.test(path)) refuseRemote(path);
    const whole = path.startsWith("/") ? path : cleanPath(`${this.root}/${path}`);
    if (!this.restricted) return this.files.read(whole);
    const found = absolute(this.files, whole);
    if (found.isFolder) throw new BuildFault(`'${whole}' must resolve to a file`);
    const folder = found.path.slice(0, found.path.lastIndexOf("/")) || "/";
    if (!isInside(folder, this.root))
      throw new BuildFault(`security; file '${whole}' is not in or below '${this.root}'`);
    return this.files.read(found.path);
  }

  /** For a kustomization that this one names. */
  at(path: string): Loader {
    if (path === "") throw new BuildFault("new root cannot be empty");
    refuseRemote(path);
    if (path.startsWith("/")) throw new BuildFault(`new root '${path}' cannot be absolute`);
    const root = confirmed(this.files, cleanPath(`${this.root}/${path}`));
    for (let one: Loader | undefined = this; one; one = one.referrer)
      if (isInside(one.root, root))
        throw new BuildFault(`cycle detected: candidate root '${root}' contains visited root '${one.root}'`);
    return new Loader(this.files, root, this.restricted, this);
  }
}

/** Bases in repositories and files behind URLs: the simulated host reaches none (kustomize internal/git, 5.6). */
function refuseRemote(path: string): void {
  const isRemote =
    /^(?:git::)?(?:https?|ssh|file):\/\//i.test(path) ||
    /^(?:git::)?github\.com[/:]/i.test(path) ||
    /^(?:git::)?[a-zA-Z][a-zA-Z0-9-]*@[^/]*[:/]/.test(path);
  if (isRemote) throw new NotSimulatedFault(`fetching a remote kustomization is not simulated: ${path}`);
}

function isInside(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

function absolute(files: HostFiles, path: string): { readonly path: string; readonly isFolder: boolean } {
  const whole = cleanPath(path.startsWith("/") ? path : `${files.cwd}/${path}`);
  return within(`evalsymlink failure on '${path}' `, () => files.resolve(whole));
}

function confirmed(files: HostFiles, path: string): string {
  return within("must build at directory", () => {
    if (path === "") throw new BuildFault("directory path cannot be empty");
    const found = within("not a valid directory", () => absolute(files, path));
    if (!found.isFolder) throw new BuildFault(`'${path}': file is not directory`);
    return found.path;
  });
}
