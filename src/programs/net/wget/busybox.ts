import { base64Of } from "../../../base/base64.ts";
import { byteLength, bytesOf } from "../../../base/text-bytes.ts";
import type { Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Listener } from "../../../machine/define-network.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, type Given, OptionError, parseOptions } from "../../text/options.ts";
import { serverNameOf } from "../certificates.ts";
import type { Answer } from "../exchange.ts";
import { connectTo, lookUp } from "../reach.ts";
import { readFile } from "../read-file.ts";
import { hostHeader, parseUrl, portOf, resolveUrl, type Url } from "../url.ts";
import { ask, copyBody, fileName, headerOf, openOutput } from "./define.ts";

const options =
  "c,continue q,quiet S,server-response spider O,output-document= o,output-file= header= post-data= post-file= Y,proxy= no-check-certificate P,directory-prefix= U,user-agent= T,timeout= t,tries= passive-ftp";

const usage = `BusyBox v1.37.0 multi-call binary.

Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]
	[--post-data STR | --post-file FILE] [-Y on/off]
	[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...

Retrieve files via HTTP or FTP

	--spider	Only check URL existence: $? is 0 if exists
	--header STR	Add STR (of form 'header: value') to headers
	--post-data STR	Send STR using POST method
	--post-file FILE	Send FILE using POST method
	--no-check-certificate	Don't validate the server's certificate
	-c		Continue retrieval of aborted transfer
	-q		Quiet
	-P DIR		Save to DIR (default .)
	-S    		Show server response
	-T SEC		Network read timeout is SEC seconds
	-O FILE		Save to FILE ('-' for stdout)
	-o LOGFILE	Log messages to FILE
	-U STR		Use STR for User-Agent header
	-Y on/off	Use proxy
`;

/** What ends the program: its message goes to stderr after "wget: ". */
class WgetFault extends Error {}

interface Line {
  readonly proc: Process;
  readonly given: readonly Given[];
  has(key: string): boolean;
  value(key: string): string | undefined;
}

/** wget as busybox has it (networking/wget.c, 1.37). */
export function* busyboxWget(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions(options), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `wget: ${error.message}\n${usage}`);
    return 1;
  }
  const { given, operands } = parsed;
  if (operands.length === 0) {
    yield* proc.write(2, usage);
    return 1;
  }
  const line: Line = {
    proc,
    given,
    has: (key) => given.some((one) => one.key === key),
    value: (key) => given.findLast((one) => one.key === key)?.value,
  };
  try {
    for (const operand of operands) yield* download(line, operand);
    return 0;
  } catch (error) {
    if (!(error instanceof WgetFault)) throw error;
    yield* proc.write(2, `wget: ${error.message}\n`);
    return 1;
  }
}

/** A line about the progress; -q hides it. */
function* tell({ proc, has }: Line, text: string): Task {
  if (!has("q")) yield* proc.write(2, `${text}\n`);
}

function* download(line: Line, operand: string): Task {
  let url = parseUrl(operand);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(operand) && !/^(https?|ftp):/.test(operand))
    throw new WgetFault(`not an http or ftp url: ${operand}`);
  if (!url) throw new WgetFault(`bad address '${operand}'`);
  if (url.scheme === "ftp") throw new WgetFault("ftp is not simulated");
  const target = line.value("O") ?? `${line.value("P") ? `${line.value("P")}/` : ""}${fileName(url)}`;
  let answer: Answer | undefined;
  let known = false;
  for (let left = 5; !answer; left--) {
    const got: Answer = yield* answered(line, url, known);
    const location = headerOf(got, "location");
    const next: Url | undefined =
      got.status >= 300 && got.status < 400 && location ? resolveUrl(url, location) : undefined;
    if (!next) answer = got;
    else if (left === 0) throw new WgetFault("too many redirections");
    else url = next;
    known = location?.startsWith("/") ?? false;
  }
  if (![200, 201, 202, 203, 204, 206].includes(answer.status))
    throw new WgetFault(`server returned error: HTTP/1.1 ${answer.status} ${answer.reason}`);
  if (line.has("spider")) {
    yield* tell(line, "remote file exists");
    return;
  }
  yield* save(line, answer, target);
}

function* save(line: Line, answer: Answer, target: string): Task {
  const { proc } = line;
  const stdout = target === "-";
  if (!stdout && line.value("O") === undefined && proc.machine.files.find(pathOf(proc, target), root))
    throw new WgetFault(`can't open '${target}': File exists`);
  const fd = stdout ? 1 : openOutput(proc, target);
  if (typeof fd !== "number") throw new WgetFault(`can't open '${target}': ${fd.message}`);
  yield* tell(line, stdout ? "writing to stdout" : `saving to '${target}'`);
  const length = yield* copyBody(proc, answer, fd, timeLimit(line));
  if (!stdout) proc.close(fd);
  if (length === "late") throw new WgetFault("download timed out");
  if (length > 0) yield* tell(line, meter(stdout ? "-" : (target.split("/").at(-1) ?? ""), length));
  yield* tell(line, stdout ? "written to stdout" : `'${target}' saved`);
}

/** The last state of the progress bar. */
function meter(name: string, length: number): string {
  return `${name.slice(0, 20).padEnd(20)} 100% |${"*".repeat(32)}| ${String(length).padStart(5)}  0:00:00 ETA`;
}

function timeLimit({ proc, value }: Line): number {
  return proc.machine.kernel.clock.now + Number(value("T") ?? 900) * 1_000_000;
}

/** `known`: the server was asked before. */
function* answered(line: Line, url: Url, known: boolean): Task<Answer> {
  const { proc } = line;
  const port = portOf(url);
  const seconds = Number(line.value("T") ?? 900);
  const address = yield* lookUp(proc, url.host);
  if (typeof address !== "string") throw new WgetFault(`bad address '${hostHeader(url)}'`);
  const where = hostHeader(url);
  if (!known) yield* tell(line, `Connecting to ${where} (${address}:${port})`);
  const listener = yield* connectTo(proc, address, port, seconds);
  if ("failed" in listener) {
    if (listener.late) throw new WgetFault("download timed out");
    throw new WgetFault(`can't connect to remote host (${address}): ${listener.words}`);
  }
  if (url.scheme === "https") yield* secured(line, url, listener);
  const file = line.value("post-file");
  const read = file === undefined ? undefined : yield* readFile(proc, file);
  if (file !== undefined && read === undefined) throw new WgetFault(`can't open '${file}': No such file or directory`);
  const post = read ?? line.value("post-data");
  const headers: Record<string, string> = { host: where, "user-agent": line.value("U") ?? "Wget", connection: "close" };
  if (post !== undefined) {
    headers["content-type"] = "application/x-www-form-urlencoded";
    headers["content-length"] = String(byteLength(post));
  }
  if (url.user !== undefined) headers.authorization = `Basic ${basic(url.user)}`;
  for (const { key, value = "" } of line.given)
    if (key === "header") headers[value.replace(/:.*/s, "").toLowerCase()] = value.replace(/^[^:]*:\s*/s, "");
  const method = line.has("spider") ? "HEAD" : post === undefined ? "GET" : "POST";
  const sent = { method, headers, seconds, ...(post === undefined ? {} : { body: post }) };
  const answer = yield* ask(proc, listener, url, sent);
  if (answer === "late") throw new WgetFault("download timed out");
  if (!("status" in answer))
    throw new WgetFault(
      answer.said === "" ? "error getting response" : "error getting response: Connection reset by peer",
    );
  if (line.has("S"))
    yield* tell(
      line,
      [`HTTP/1.1 ${answer.status} ${answer.reason}`, ...answer.headers.map(([name, value]) => `${name}: ${value}`), ""]
        .map((one) => `  ${one}`)
        .join("\n"),
    );
  return answer;
}

/** busybox' own TLS, which looks at no certificate. */
function* secured(line: Line, url: Url, listener: Listener): Task {
  if (!line.has("no-check-certificate"))
    yield* line.proc.write(2, "wget: note: TLS certificate validation not implemented\n");
  if (!listener.tls) throw new WgetFault("error getting response: Connection reset by peer");
  if (listener.tls.refusesName?.(serverNameOf(url.host)))
    throw new WgetFault("TLS error from peer (alert code 112): 112");
  if (listener.tls.refuses?.(undefined) !== undefined) throw new WgetFault("TLS error from peer (alert code 116): 116");
}

function basic(user: string): string {
  return base64Of(bytesOf(decodeURIComponent(user)));
}
