import { base64Of } from "../base/base64.ts";
import type { Random } from "../base/random.ts";
import { type Files, root } from "./define-files.ts";
import type { User } from "./users.ts";

/** Makes ~/.ssh/id_ed25519 and its .pub for a user; returns the public line. The key is a name for trust, not cryptography. */
export function makeSshKey(files: Files, user: User, comment: string, random: Random): string {
  const folder = sshFolder(files, user);
  const bytes = new Uint8Array(32);
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(256);
  const head = [0, 0, 0, 11, ...[..."ssh-ed25519"].map((letter) => letter.charCodeAt(0)), 0, 0, 0, 32];
  const line = `ssh-ed25519 ${base64Of(Uint8Array.from([...head, ...bytes]))} ${comment}\n`;
  const secret = base64Of(bytes);
  const pem = `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----\n`;
  own(files, user, `${folder}/id_ed25519`, pem, 0o600);
  own(files, user, `${folder}/id_ed25519.pub`, line, 0o644);
  return line;
}

/** Lets whoever holds the key behind this public line log in as the user (~/.ssh/authorized_keys). */
export function authorizeSshKey(files: Files, user: User, publicLine: string): void {
  const path = `${sshFolder(files, user)}/authorized_keys`;
  const before = files.find(path, root) ? files.read(path, root) : "";
  own(files, user, path, before + publicLine, 0o600);
}

function sshFolder(files: Files, user: User): string {
  const folder = `${user.home}/.ssh`;
  if (!files.find(folder, root)) {
    files.mkdir(folder, root, { mode: 0o700, parents: true });
    files.chown(folder, user.uid, user.gid, root);
  }
  return folder;
}

function own(files: Files, user: User, path: string, text: string, mode: number): void {
  files.write(path, text, root, { mode });
  files.chown(path, user.uid, user.gid, root);
}
