import type { Program, Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import type { Answer } from "../exchange.ts";
import { secondsSince } from "../reach.ts";
import { hostHeader, parseUrl, resolveUrl, type Url, urlText } from "../url.ts";
import { answered, credentialsOf } from "./answered.ts";
import { busyboxWget } from "./busybox.ts";
import { copyBody, fileName, headerOf, openOutput } from "./define.ts";
import { Attempt, Wishes } from "./wishes.ts";

const declared = `q,quiet nv,no-verbose v,verbose S,server-response spider no-check-certificate content-on-error
  retry-connrefused c,continue 4,inet4-only 6,inet6-only no-proxy no-cache progress= show-progress no-hsts
  O,output-document= P,directory-prefix= o,output-file= t,tries= T,timeout= connect-timeout= read-timeout= dns-timeout=
  w,wait= waitretry= header= post-data= post-file= method= body-data= body-file= U,user-agent= user= password= http-user=
  http-password= ca-certificate= certificate= private-key= max-redirect= auth-no-challenge V,version h,help`;

const TRY = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n";

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    // -nv is one option, not -n and -v.
    parsed = parseOptions(
      compileOptions(declared.replace(/\s+/g, " ")),
      argv.map((word) => (word === "-nv" ? "--no-verbose" : word)),
    );
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `wget: ${error.message}\n${TRY}`);
    return 2;
  }
  const { given, operands } = parsed;
  const wishes = new Wishes(proc, given);
  if (wishes.has("V")) {
    yield* proc.write(1, "GNU Wget 1.21.3 built on linux-gnu.\n");
    return 0;
  }
  if (operands.length === 0) {
    yield* proc.write(2, `wget: missing URL\n${TRY}`);
    return 1;
  }
  const output = yield* documentOf(wishes);
  if (output === undefined) return 1;
  let status = 0;
  for (const operand of operands) {
    const ended = yield* retrieved(wishes, operand, output.fd);
    if (ended !== 0) status = status === 0 ? ended : Math.min(status, ended);
  }
  if (output.fd !== 1 && output.fd !== undefined) proc.close(output.fd);
  return status;
}

/** The file of -O, which is opened before anything is asked for. */
function* documentOf(wishes: Wishes): Task<{ fd: number | undefined } | undefined> {
  const name = wishes.value("O");
  if (name === undefined || wishes.has("spider")) return { fd: undefined };
  if (name === "-") return { fd: 1 };
  const fd = openOutput(wishes.proc, name);
  if (typeof fd === "number") return { fd };
  yield* wishes.note(`${name}: ${fd.message}\n`);
  return undefined;
}

/** Tries one address until it is there, or has been tried often enough. */
function* retrieved(wishes: Wishes, operand: string, output: number | undefined): Task<number> {
  const { proc } = wishes;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(operand)?.[1];
  if (scheme && !/^(https?|ftps?)$/i.test(scheme)) {
    yield* proc.write(2, `${operand}: Unsupported scheme ‘${scheme}’.\n`);
    return 1;
  }
  let url = parseUrl(operand);
  if (!url || url.scheme.startsWith("ftp")) {
    yield* proc.write(2, `${operand}: ${url ? "ftp is not simulated" : "Invalid host name"}.\n`);
    return 1;
  }
  const tries = Number(wishes.value("t") ?? 20) || Number.POSITIVE_INFINITY;
  if (wishes.has("spider")) yield* wishes.say("Spider mode enabled. Check if remote file exists.\n");
  for (let n = 1; ; n++) {
    try {
      let kept = false;
      for (let redirects = 0; ; redirects++) {
        const next: Url | undefined = yield* retrieve(wishes, url, { output, n: redirects > 0 ? 1 : n, kept });
        if (!next) return 0;
        kept = hostHeader(next) === hostHeader(url) && next.scheme === url.scheme;
        url = next;
        if (redirects >= Number(wishes.value("max-redirect") ?? 20)) {
          yield* wishes.say(`${redirects} redirections exceeded.\n`);
          return 8;
        }
      }
    } catch (failure) {
      if (!(failure instanceof Attempt)) throw failure;
      if (!failure.again) return failure.status;
      yield* wishes.say(n >= tries ? "Giving up.\n\n" : "Retrying.\n\n");
      if (n >= tries) return failure.status;
      yield* proc.sleep(Math.min(n, Number(wishes.value("waitretry") ?? 10)));
    }
  }
}

interface Try {
  readonly output: number | undefined;
  readonly n: number;
  /** The connection to the server stands from before. */
  readonly kept: boolean;
}

/** One try. Gives back where the answer leads. Throws Attempt. */
function* retrieve(wishes: Wishes, url: Url, { output, n, kept }: Try): Task<Url | undefined> {
  yield* wishes.say(`--${wishes.time}--  ${n > 1 ? `(try:${String(n).padStart(2)})  ` : ""}${urlText(url)}\n`);
  let answer = yield* answered(wishes, url, kept);
  yield* showHead(wishes, answer);
  const asked = answer.status === 401 ? headerOf(answer, "www-authenticate") : undefined;
  if (asked !== undefined && /^basic/i.test(asked) && credentialsOf(wishes, url) !== undefined) {
    answer.close();
    yield* wishes.say(`Authentication selected: ${asked}\n`);
    answer = yield* answered(wishes, url, true, true);
    yield* showHead(wishes, answer);
  }
  const location = headerOf(answer, "location");
  if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
    yield* wishes.say(`Location: ${location} [following]\n`);
    return resolveUrl(url, location);
  }
  if (answer.status === 401) {
    yield* wishes.say("\n");
    yield* wishes.note("Username/Password Authentication Failed.\n");
    throw new Attempt(6);
  }
  if (answer.status >= 400) return yield* refused(wishes, url, answer, output);
  if (wishes.has("spider")) yield* found(wishes, url, answer);
  else yield* save(wishes, url, answer, output);
  return undefined;
}

function* showHead(wishes: Wishes, answer: Answer): Task {
  const line = `${answer.status} ${answer.reason}`;
  if (!wishes.has("S")) {
    yield* wishes.say(`${line}\n`);
    return;
  }
  const lines = [`HTTP/1.1 ${line}`, ...answer.headers.map(([name, value]) => `${name}: ${value}`)];
  yield* wishes.say("\n");
  yield* wishes.proc.write(2, lines.map((one) => `  ${one}\n`).join(""));
}

function* refused(wishes: Wishes, url: Url, answer: Answer, output: number | undefined): Task<undefined> {
  if (wishes.has("spider")) {
    yield* wishes.say("Remote file does not exist -- broken link!!!\n\n");
    throw new Attempt(8);
  }
  if (wishes.has("content-on-error")) yield* save(wishes, url, answer, output);
  else {
    if (wishes.has("nv")) yield* wishes.note(`${urlText(url)}:\n`);
    yield* wishes.note(`${wishes.time} ERROR ${answer.status}: ${answer.reason}.\n`);
    yield* wishes.say("\n");
  }
  throw new Attempt(8);
}

function* found(wishes: Wishes, url: Url, answer: Answer): Task {
  yield* wishes.say(`Length: ${lengthText(answer)}\n`);
  if (wishes.has("nv")) yield* wishes.note(`${wishes.time} URL: ${urlText(url)} ${answer.status} ${answer.reason}\n`);
  const html = headerOf(answer, "content-type")?.startsWith("text/html");
  yield* wishes.say(
    html
      ? "Remote file exists and could contain further links,\nbut recursion is disabled -- not retrieving.\n\n"
      : "Remote file exists.\n\n",
  );
}

function lengthText(answer: Answer): string {
  const type = (headerOf(answer, "content-type") ?? "").replace(/;.*/s, "");
  const length = answer.length === undefined ? "unspecified" : String(answer.length);
  return type === "" ? length : `${length} [${type}]`;
}

function* save(wishes: Wishes, url: Url, answer: Answer, output: number | undefined): Task {
  const { proc } = wishes;
  const folder = wishes.value("P");
  const name = wishes.value("O") ?? unused(wishes, folder ? `${folder}/${fileName(url)}` : fileName(url));
  if (folder && !wishes.value("O")) proc.machine.files.mkdir(pathOf(proc, folder), proc.credentials, { parents: true });
  const fd = output ?? openOutput(proc, name);
  if (typeof fd !== "number") {
    yield* wishes.note(`${name}: ${fd.message}\n\nCannot write to ‘${name}’ (${fd.message}).\n`);
    throw new Attempt(3);
  }
  if (answer.status !== 204) {
    yield* wishes.say(`Length: ${lengthText(answer)}\n`);
    yield* wishes.say(`Saving to: ‘${name === "-" ? "STDOUT" : name}’\n\n`);
  }
  const limit = wishes.seconds("read-timeout", "T");
  const until = limit === undefined ? undefined : proc.machine.kernel.clock.now + limit * 1_000_000;
  const start = proc.machine.kernel.clock.now;
  const length = yield* copyBody(proc, answer, fd, until);
  if (output === undefined) proc.close(fd);
  if (length === "late") {
    yield* wishes.say(`\n${wishes.time} - Read error at byte 0 (Connection timed out).`);
    throw new Attempt(4, true);
  }
  yield* saved(wishes, url, {
    name,
    length,
    known: answer.length !== undefined,
    bare: answer.status === 204,
    seconds: secondsSince(proc, start),
  });
}

interface Saved {
  readonly name: string;
  readonly length: number;
  readonly known: boolean;
  readonly bare: boolean;
  readonly seconds: number;
}

function* saved(wishes: Wishes, url: Url, { name, length, known, bare, seconds }: Saved): Task {
  const size = bare ? "[0]" : known ? `[${length}/${length}]` : `[${length}]`;
  const [speed, unit] = rate(length, seconds);
  if (!bare) {
    const took = `${seconds < 0.0005 ? "0" : seconds.toFixed(seconds < 10 ? 1 : 0)}s`;
    const share = known ? "100%" : "    ";
    yield* wishes.say(`     0K${" ".repeat(55)}${share} ${speed.padStart(4)}${unit[0]}=${took}\n\n`);
  }
  const where = name === "-" ? "written to stdout" : `‘${name}’ saved`;
  yield* wishes.say(`${wishes.time} (${bare ? "0.00 B" : `${speed} ${unit}`}/s) - ${where} ${size}\n\n`);
  if (wishes.has("nv")) yield* wishes.note(`${wishes.time} URL:${urlText(url)} ${size} -> "${name}" [1]\n`);
}

/** Bytes in a time as a speed and its unit (src/retr.c retr_rate, 1.21). */
function rate(bytes: number, seconds: number): [speed: string, unit: string] {
  let speed = bytes / Math.max(seconds, 0.000_004);
  let unit = "B";
  for (const next of ["KB", "MB", "GB"])
    if (speed >= 1024) {
      speed /= 1024;
      unit = next;
    }
  return [speed.toFixed(speed >= 99.95 ? 0 : speed >= 9.995 ? 1 : 2), unit];
}

/** A name that no file has yet: x, x.1, x.2. */
function unused({ proc }: Wishes, name: string): string {
  const there = (one: string) => proc.machine.files.find(pathOf(proc, one), root) !== undefined;
  if (!there(name)) return name;
  let n = 1;
  while (there(`${name}.${n}`)) n++;
  return `${name}.${n}`;
}

/** GNU wget 1.21 as Debian 12 has it; in images of busybox, busybox' own. */
export const wget: Program = { name: "wget", run, busybox: busyboxWget };
