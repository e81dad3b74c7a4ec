import { type Files, root } from "../../machine/define-files.ts";

/** Copies what is in a folder into another one, with modes and owners (cp -a). */
export function copyFolder(files: Files, from: string, to: string): void {
  const { mode, uid, gid } = files.stat(from, root);
  if (!files.find(to, root)) files.mkdir(to, root, { parents: true });
  files.chmod(to, mode, root);
  files.chown(to, uid, gid, root);
  for (const name of files.list(from, root)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    const stat = files.stat(source, root, { follow: false });
    if (stat.kind === "directory") copyFolder(files, source, target);
    else if (stat.kind === "link") files.symlink(files.readlink(source, root), target, root);
    else if (stat.kind === "file") {
      files.write(target, files.read(source, root), root);
      files.chmod(target, stat.mode, root);
      files.chown(target, stat.uid, stat.gid, root);
    }
  }
}

/** Removes a file, or a folder with all that is in it (rm -rf). */
export function removeTree(files: Files, path: string): void {
  const stat = files.find(path, root, { follow: false });
  if (!stat) return;
  if (stat.kind !== "directory") {
    files.unlink(path, root);
    return;
  }
  for (const name of files.list(path, root)) removeTree(files, `${path}/${name}`);
  files.rmdir(path, root);
}
