import { Errno, type Task } from "../../../machine/define.ts";
import { type Files, root } from "../../../machine/define-files.ts";
import type { Listener } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { type User, userById, userNamed } from "../../../machine/users.ts";
import { type SshConfig, sshConfigFor } from "./config.ts";

/** What the command line of ssh and scp says of the connection. */
export interface Destination {
  readonly host: string;
  readonly user: string | undefined;
  readonly port: string | undefined;
  readonly identities: readonly string[];
  /** -o and -F. */
  readonly settings: readonly string[];
  readonly configFile: string | undefined;
}

/** A login that the other side has accepted. */
export interface Login {
  readonly listener: Listener;
  readonly user: User;
  /** The addresses of both ends, as SSH_CONNECTION names them. */
  readonly near: string;
  readonly far: string;
  readonly port: number;
}

/** How long connect(2) tries where nobody answers: Linux' six SYN retries. */
const CONNECT_TIMEOUT = 131;
/** How long Linux looks for a neighbour that does not answer, in seconds. */
const NO_ROUTE = 3;

/** user@host, or ssh://user@host:port */
export function parseHost(text: string): { host: string; user: string | undefined; port: string | undefined } {
  const [, port] = text.startsWith("ssh://") ? (/:(\d+)\/?$/.exec(text) ?? []) : [];
  const plain = text.replace(/^ssh:\/\//, "").replace(/:\d+\/?$/, (end) => (text.startsWith("ssh://") ? "" : end));
  const at = plain.lastIndexOf("@");
  return { host: plain.slice(at + 1), user: at > 0 ? plain.slice(0, at) : undefined, port };
}

/** Connects and logs in by public key; a message and undefined where that fails. Host keys are not simulated. */
export function* connect(proc: Process, to: Destination): Task<Login | undefined> {
  const me = userById(proc.machine.files, proc.credentials.uid);
  const home = me?.home ?? proc.env.get("HOME") ?? "/";
  const config = withSettings(sshConfigFor(proc, to.host, home, to.configFile), to.settings);
  const name = config.get("hostname")?.[0]?.replaceAll("%h", to.host) ?? to.host;
  const port = Number(to.port ?? config.get("port")?.[0] ?? 22);
  const userName = to.user ?? config.get("user")?.[0] ?? me?.name ?? "root";
  const fail = function* (message: string): Task<undefined> {
    yield* proc.write(2, `${message}\n`);
    return undefined;
  };
  const found = proc.machine.network.resolve(proc.machine, name);
  if ("failed" in found) {
    yield* proc.sleep(found.after);
    const why = found.words;
    return yield* fail(`ssh: Could not resolve hostname ${name}: ${why}`);
  }
  const address = found.addresses[0] ?? "";
  const dialled = proc.machine.network.dial(proc.machine, address, port);
  if ("failed" in dialled) {
    const words = { refused: "Connection refused", timeout: "Connection timed out", unreachable: "No route to host" };
    if (dialled.failed === "timeout") yield* proc.sleep(Number(config.get("connecttimeout")?.[0] ?? CONNECT_TIMEOUT));
    if (dialled.failed === "unreachable") yield* proc.sleep(NO_ROUTE);
    return yield* fail(`ssh: connect to host ${name} port ${port}: ${words[dialled.failed]}`);
  }
  const { listener } = dialled;
  if (!listener.banner?.startsWith("SSH-2.0-"))
    return yield* fail(
      "kex_exchange_identification: Connection closed by remote host\n" +
        `Connection closed by ${address} port ${port}`,
    );
  const there = listener.proc.machine.files;
  const user = userNamed(there, userName);
  const keys = yield* ownKeys(proc, to, config, home);
  if (!user || !accepts(there, user, keys)) return yield* fail(`${userName}@${name}: Permission denied (publickey).`);
  if (/\/(nologin|false)$/.test(user.shell)) return yield* fail("This account is currently not available.");
  return { listener, user, near: proc.machine.net.addresses[0] ?? "127.0.0.1", far: address, port };
}

function withSettings(config: SshConfig, settings: readonly string[]): SshConfig {
  const all = new Map(config);
  for (const setting of settings.toReversed()) {
    const [, key = "", value = ""] = /^\s*([A-Za-z]\w*)\s*[=\s]\s*(.*)$/.exec(setting) ?? [];
    all.set(key.toLowerCase(), [value]);
  }
  return all;
}

/** The public keys whose private halves the caller holds and may read. */
function* ownKeys(proc: Process, to: Destination, config: SshConfig, home: string): Task<readonly string[]> {
  const { files } = proc.machine;
  const named = [...to.identities, ...(config.get("identityfile") ?? [])];
  const paths = named.length > 0 ? named : ["id_rsa", "id_ecdsa", "id_ed25519"].map((key) => `~/.ssh/${key}`);
  const keys: string[] = [];
  for (const written of paths) {
    const path = written.replace(/^~(?=\/)|^%d/, home);
    const absolute = path.startsWith("/") ? path : `${proc.cwd}/${path}`;
    const stat = files.find(absolute, proc.credentials);
    if (!stat) {
      if (to.identities.includes(written))
        yield* proc.write(2, `Warning: Identity file ${written} not accessible: No such file or directory.\n`);
      continue;
    }
    if (stat.uid === proc.credentials.uid && (stat.mode & 0o077) !== 0) {
      yield* proc.write(2, tooOpen(path, stat.mode));
      continue;
    }
    try {
      files.read(absolute, proc.credentials);
      keys.push(keyOf(files.read(`${absolute}.pub`, proc.credentials)));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }
  return keys;
}

function tooOpen(path: string, mode: number): string {
  const line = "@".repeat(59);
  const octal = (mode & 0o777).toString(8).padStart(4, "0");
  return `${line}\n@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\n${line}
Permissions ${octal} for '${path}' are too open.
It is required that your private key files are NOT accessible by others.
This private key will be ignored.
Load key "${path}": bad permissions
`;
}

/** Type and key of a line, without options and comment. */
function keyOf(line: string): string {
  return /(?:ssh|ecdsa|sk)-[\w@.-]+ [A-Za-z0-9+/=]+/.exec(line)?.[0] ?? "";
}

/** sshd's side: the key is in ~/.ssh/authorized_keys, and nobody else could have put it there (StrictModes). */
function accepts(files: Files, user: User, keys: readonly string[]): boolean {
  const folder = `${user.home}/.ssh`;
  const path = `${folder}/authorized_keys`;
  for (const part of [user.home, folder, path]) {
    const stat = files.find(part, root);
    if (!stat || (stat.mode & 0o022) !== 0 || (stat.uid !== user.uid && stat.uid !== 0)) return false;
  }
  const lines = files
    .read(path, root)
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"));
  return lines.some((line) => keyOf(line) !== "" && keys.includes(keyOf(line)));
}
