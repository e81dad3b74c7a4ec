import { type Credentials, Errno, type Program, type Task } from "../../../machine/define.ts";
import type { Files } from "../../../machine/define-files.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import { credentialsOf } from "../../../machine/users.ts";
import { type ParsedArguments, parseArguments } from "../define.ts";
import { connect, parseHost } from "./connect.ts";

/** Where a path of the command line lies. */
interface Place {
  readonly files: Files;
  readonly who: Credentials;
  readonly path: string;
  /** As it was typed. */
  readonly shown: string;
  readonly side: "local" | "remote";
}

const usage = `usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]
           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]
           [-P port] [-S program] [-X sftp_option] source ... target
`;

/** Copies files between hosts over ssh. */
export const scp: Program = {
  name: "scp",
  *run(proc, argv) {
    const given = parseArguments(argv, "3 4 6 A B C O p q R r s T v c= D= F= i= J= l= o= P= S= X=");
    if (given.problem !== undefined || given.operands.length < 2) {
      yield* proc.write(2, given.problem === undefined ? usage : `scp: ${given.problem}\n${usage}`);
      return 1;
    }
    const target = yield* placeOf(proc, given.operands.at(-1) ?? "", given);
    if (!target) return 255;
    const sources = given.operands.slice(0, -1);
    const intoDirectory = target.files.find(target.path, target.who)?.kind === "directory";
    if (sources.length > 1 && !intoDirectory) {
      yield* proc.write(2, `scp: ${target.shown}: Not a directory\n`);
      return 1;
    }
    let status = 0;
    for (const operand of sources) {
      const source = yield* placeOf(proc, operand, given);
      if (!source) return 255;
      const name = source.path.replace(/\/+$/, "").split("/").at(-1) ?? "";
      const to = intoDirectory ? { ...target, path: `${target.path.replace(/\/$/, "")}/${name}` } : target;
      status = Math.max(status, yield* copy(proc, source, to, given.options.has("r"), given.options.has("q")));
    }
    return status;
  },
};

function* placeOf(proc: Process, operand: string, given: ParsedArguments): Task<Place | undefined> {
  const colon = operand.indexOf(":");
  const slash = operand.indexOf("/");
  if (colon <= 0 || (slash >= 0 && slash < colon)) {
    const { files } = proc.machine;
    return { files, who: proc.credentials, path: pathOf(proc, operand), shown: operand, side: "local" };
  }
  const values = (name: string) => given.all.filter(([key]) => key === name).map(([, value]) => value);
  const { host, user } = parseHost(operand.slice(0, colon));
  const login = yield* connect(proc, {
    host,
    user,
    port: given.options.get("P"),
    identities: values("i"),
    settings: values("o"),
    configFile: given.options.get("F"),
  });
  if (!login) {
    yield* proc.write(2, "scp: Connection closed\n");
    return undefined;
  }
  const { files } = login.listener.proc.machine;
  const written = operand.slice(colon + 1).replace(/^~\/?/, "");
  const path = written.startsWith("/") ? written : `${login.user.home}/${written}`.replace(/\/$/, "");
  return { files, who: credentialsOf(files, login.user), path, shown: written, side: "remote" };
}

function* copy(proc: Process, from: Place, to: Place, recursive: boolean, quiet: boolean): Task<number> {
  const fail = function* (message: string): Task<number> {
    yield* proc.write(2, `scp: ${message}\n`);
    return 1;
  };
  yield* proc.step(100);
  const stat = from.files.find(from.path, from.who);
  if (!stat) {
    const what = from.side === "local" ? `stat local "${from.shown}"` : from.path;
    return yield* fail(`${what}: No such file or directory`);
  }
  if (stat.kind === "directory") {
    if (!recursive)
      return yield* fail(
        from.side === "local" ? `local "${from.shown}" is not a regular file` : `${from.path}: not a regular file`,
      );
    return yield* copyDirectory(proc, from, to, quiet);
  }
  let text: string;
  try {
    text = from.files.read(from.path, from.who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* fail(`${from.side} open "${from.side === "local" ? from.shown : from.path}": ${error.message}`);
  }
  try {
    to.files.write(to.path, text, to.who, { mode: stat.mode & 0o777 });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* fail(
      to.side === "local" ? `open local "${to.path}": ${error.message}` : `dest open "${to.path}": ${error.message}`,
    );
  }
  if (!quiet && proc.isTerminal(1)) yield* proc.write(1, progress(proc, from.path, stat.size));
  return 0;
}

function* copyDirectory(proc: Process, from: Place, to: Place, quiet: boolean): Task<number> {
  try {
    if (!to.files.find(to.path, to.who)) to.files.mkdir(to.path, to.who);
    let status = 0;
    for (const name of from.files.list(from.path, from.who)) {
      const inner = { ...from, path: `${from.path}/${name}`, shown: `${from.shown}/${name}` };
      status = Math.max(status, yield* copy(proc, inner, { ...to, path: `${to.path}/${name}` }, true, quiet));
    }
    return status;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* proc.write(2, `scp: ${error.path ?? to.path}: ${error.message}\n`);
    return 1;
  }
}

function progress(proc: Process, path: string, size: number): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const shown = size < 1024 ? `${size}  ` : `${Math.floor(size / 1024)}KB`;
  const width = Math.max(10, (proc.terminal?.columns ?? 80) - 40);
  return `${name.slice(0, width).padEnd(width)} 100% ${shown.padStart(6)} ${(size / 1024).toFixed(1).padStart(6)}KB/s   00:00    \n`;
}
