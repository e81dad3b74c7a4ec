import { Errno, type Task } from "../../../machine/define.ts";
import { openFd } from "../../../machine/open-path.ts";
import { type Call, Fail, tool } from "../define.ts";
import { Input } from "../shared/input.ts";
import { Output } from "../shared/output.ts";
import { quoteName } from "../shared/quote.ts";
import type { Script } from "./ast.ts";
import { parseScript } from "./parse-script.ts";
import { Runner } from "./runner.ts";
import { SedInput } from "./sed-input.ts";

const usage = `Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...

  -n, --quiet, --silent
  -e script, --expression=script
  -f script-file, --file=script-file
  -i[SUFFIX], --in-place[=SUFFIX]
  -l N, --line-length=N
  -E, -r, --regexp-extended
  -s, --separate
  -u, --unbuffered
  -z, --null-data
      --help
      --version

Without -e, --expression, -f, or --file the first operand is the script; the others are files to read.`;

/** sed: GNU's, without the commands that run others. */
export const sed = tool({
  name: "sed",
  from: "(GNU sed) 4.9",
  usage: "[OPTION]... {script-only-if-no-other-script} [input-file]...",
  options:
    "n,quiet,silent e,expression= f,file= E,r,regexp-extended i,in-place? s,separate z,null-data u,unbuffered l,line-length= b,binary follow-symlinks posix debug sandbox",
  misused: () => usage,
  *run(call) {
    const { source, files } = yield* scriptOf(call);
    const script = parseScript(source, { extended: call.has("E") });
    const quiet = call.has("n") || script.quiet;
    const separator = call.has("z") ? "\0" : "\n";
    if (!call.has("i")) return yield* plain(call, script, files, quiet, separator);
    return yield* inPlace(call, script, files, quiet, separator);
  },
});

function* scriptOf(call: Call): Task<{ source: string; files: readonly string[] }> {
  const parts: string[] = [];
  for (const { key, value = "" } of call.given) {
    if (key === "e") parts.push(value);
    if (key === "f") parts.push((yield* readScript(call, value)).replace(/\n$/, ""));
  }
  if (parts.length > 0) return { source: joined(parts), files: call.operands };
  const [first, ...files] = call.operands;
  if (first === undefined) {
    yield* call.proc.write(2, `${usage}\n`);
    return call.proc.exit(1);
  }
  return { source: first, files };
}

/** A part that ends with a backslash goes on in the next: a\ and its text may stand in two -e. */
function joined(parts: readonly string[]): string {
  return parts.join("\n");
}

function* readScript(call: Call, name: string): Task<string> {
  try {
    const input = new Input(call.proc, name === "-" ? 0 : openFd(call.proc, name, { read: true }));
    const text = yield* input.rest();
    input.close();
    return text;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new Fail(`couldn't open file ${name}: ${error.message}`, 1);
  }
}

function* plain(call: Call, script: Script, files: readonly string[], quiet: boolean, separator: string): Task<number> {
  const names = files.length === 0 ? ["-"] : files;
  const groups = call.has("s") ? names.map((name) => [name]) : [names];
  const runner = new Runner(call, script, quiet, separator);
  let status: number | undefined;
  for (const group of groups) {
    const input = new SedInput(call, group, separator);
    status = yield* runner.run(input, call.out);
    if (runner.quit) break;
  }
  yield* runner.side.flush();
  return status || Math.max(call.status, 0);
}

function* inPlace(
  call: Call,
  script: Script,
  files: readonly string[],
  quiet: boolean,
  separator: string,
): Task<number> {
  const runner = new Runner(call, script, quiet, separator);
  const suffix = call.value("i") ?? "";
  let status = 0;
  for (const name of files) {
    if (runner.quit) break;
    status = (yield* edit(call, runner, name, suffix, separator)) || status;
  }
  yield* runner.side.flush();
  return status || call.status;
}

/** Writes a new file beside the old one and renames it, as sed -i does: the directory must be writable. */
function* edit(call: Call, runner: Runner, name: string, suffix: string, separator: string): Task<number> {
  const { files, who } = call;
  const stat = files.find(call.path(name), who);
  if (!stat) {
    yield* call.warn(`can't read ${name}: No such file or directory`, 2);
    return 2;
  }
  if (stat.kind !== "file") {
    yield* call.warn(`couldn't edit ${name}: not a regular file`, 4);
    return 4;
  }
  const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/") + 1) : "./";
  const temporary = `${folder}sed${call.proc.machine.kernel.random.suffix(6)}`;
  let fd: number;
  let input: SedInput;
  try {
    input = new SedInput(call, [name], separator);
    if (!input.openFirst()) return 2;
    fd = openFd(call.proc, temporary, { write: true, create: true, exclusive: true, mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const message =
      error.code === "EACCES" && !files.may(call.path(name), "r", who)
        ? `can't read ${name}`
        : `couldn't open temporary file ${temporary}`;
    yield* call.warn(`${message}: ${error.message}`, 4);
    return 4;
  }
  const out = new Output(call.proc, fd, `couldn't write to ${quoteName(temporary)}`);
  const status = yield* runner.run(input, out);
  yield* out.flush();
  call.proc.close(fd);
  const from = call.path(temporary);
  files.chmod(from, stat.mode, who);
  if (who.uid === 0) files.chown(from, stat.uid, stat.gid, who);
  if (suffix !== "") files.rename(call.path(name), call.path(backupName(name, suffix)), who);
  files.rename(from, call.path(name), who);
  return status;
}

/** A suffix with * is a pattern for the name, one with / a path. */
function backupName(name: string, suffix: string): string {
  const base = name.slice(name.lastIndexOf("/") + 1);
  const folder = name.slice(0, name.length - base.length);
  const made = suffix.includes("*") ? suffix.replaceAll("*", base) : base + suffix;
  return made.includes("/") ? made : folder + made;
}
