import { Errno, type Program, type Task } from "../../../machine/define.ts";
import { openFd, pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import { secondsSince } from "../reach.ts";
import { readFile } from "../read-file.ts";
import { parseUrl, portOf, type Url, urlText } from "../url.ts";
import { CurlFault, Settings, type Talk } from "./define.ts";
import { formOf, methodClash } from "./form.ts";
import { GlobFault, globbed } from "./glob.ts";
import { line, meterAgain, meterStart } from "./meter.ts";
import { CurlMisuse, readLine } from "./options.ts";
import { postData, uploadData } from "./request.ts";
import { type Course, type Sink, transfer } from "./transfer.ts";
import { writeOut } from "./write-out.ts";

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n";
const VERSION = `curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.19 zlib/1.2.13 nghttp2/1.52.0
Release-Date: 2023-02-20
Protocols: http https telnet
Features: HTTP2 Largefile SSL UnixSockets
`;
const HELP = `Usage: curl [options...] <url>
Simulated are HTTP and HTTPS, and of the options: -d -f -g -G -H -i -I -k -L -m -o -O -r -s -S -T -u -v -w -X,
--connect-timeout --retry --resolve --cacert --cert --key --json --data-raw --data-urlencode --unix-socket and more.
`;

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let settings: Settings | undefined;
  try {
    const read = readLine(argv);
    settings = new Settings(read);
    if (settings.has("version") || settings.has("help")) {
      yield* proc.write(1, settings.has("version") ? VERSION : HELP);
      return 0;
    }
    if (read.urls.length === 0) {
      yield* proc.write(2, argv.length === 0 ? TRY : `curl: no URL specified!\n${TRY}`);
      return 2;
    }
    return yield* all(proc, settings, read.urls);
  } catch (error) {
    if (error instanceof CurlFault) {
      if (!settings || shows(settings)) yield* proc.write(2, `curl: (${error.status}) ${error.message}\n`);
      return error.status;
    }
    if (!(error instanceof CurlMisuse)) throw error;
    if (error.message !== "") yield* proc.write(2, `curl: ${error.message}\n${TRY}`);
    return error.status;
  }
}

/** One URL after the other; the last one's status is the program's. */
function* all(proc: Process, settings: Settings, urls: readonly string[]): Task<number> {
  const outputs = settings.all("output", "remote-name");
  const wrong = methodClash(settings);
  if (wrong !== undefined) {
    if (!settings.has("silent")) yield* proc.write(2, warning(wrong));
    return 2;
  }
  settings.form = yield* formOf(proc, settings);
  const data = settings.form?.body ?? (yield* postData(proc, settings));
  const jar = settings.value("cookie-jar");
  const known = settings.value("cookie");
  if (known !== undefined && !known.includes("=")) settings.jar.read((yield* readFile(proc, known)) ?? "");
  const query = settings.has("get") ? data : undefined;
  const body = (yield* uploadData(proc, settings)) ?? (settings.has("get") ? undefined : data);
  let status = 0;
  for (const [i, url] of urls.entries()) {
    const output = outputs[i] ?? (settings.has("remote-name-all") ? ["remote-name", ""] : undefined);
    let addresses: readonly string[];
    try {
      addresses = settings.has("globoff") ? [url] : globbed(url);
    } catch (error) {
      if (!(error instanceof GlobFault)) throw error;
      status = 3;
      if (shows(settings)) yield* proc.write(2, `curl: (3) ${error.message}\n`);
      continue;
    }
    for (const address of addresses) {
      status = yield* withRetries(proc, settings, address, { output, body, query });
      if (jar !== undefined) yield* dumped(proc, jar, settings.jar.text);
    }
    if (status !== 0 && settings.has("fail-early")) return status;
  }
  return status;
}

interface Asked {
  readonly output: readonly [string, string] | readonly string[] | undefined;
  readonly body: string | undefined;
  /** What -G puts behind the address. */
  readonly query: string | undefined;
}

/** Whether errors are told: -s hides them, -S brings them back. */
function shows(settings: Settings): boolean {
  return !settings.has("silent") || settings.has("show-error");
}

/** A transfer, and again while --retry allows it (src/tool_operate.c post_per_transfer, 7.88). */
function* withRetries(proc: Process, settings: Settings, address: string, asked: Asked): Task<number> {
  let left = settings.number("retry") ?? 0;
  let pause = settings.number("retry-delay") ?? 1;
  for (let first = true; ; first = false) {
    const course = yield* once(proc, settings, address, { ...asked, first });
    const why = left > 0 ? retried(settings, course) : undefined;
    if (why === undefined) {
      yield* reported(proc, settings, course);
      return course.exitcode;
    }
    if (!settings.has("silent")) {
      const problem = `Problem ${why}. Will retry in ${pause} seconds. ${left} retries left.`;
      yield* proc.write(2, warning(problem));
    }
    yield* proc.sleep(pause);
    if (!settings.number("retry-delay")) pause *= 2;
    left--;
  }
}

/** A warning in lines of 79 characters. */
function warning(text: string): string {
  let rest = text;
  let lines = "";
  while (rest.length > 69) {
    const blank = rest.lastIndexOf(" ", 69);
    const end = blank > 0 ? blank + 1 : 70;
    lines += `Warning: ${rest.slice(0, end)}\n`;
    rest = rest.slice(end);
  }
  return `${lines}Warning: ${rest}\n`;
}

function retried(settings: Settings, { exitcode, answer }: Course): string | undefined {
  if (exitcode === 28 || exitcode === 6) return ": timeout";
  if (exitcode === 7 && settings.has("retry-connrefused")) return ": connection refused";
  if (exitcode === 0 || exitcode === 22)
    return [408, 429, 500, 502, 503, 504].includes(answer?.status ?? 0) ? ": HTTP error" : undefined;
  return settings.has("retry-all-errors") ? "(retrying all errors)" : undefined;
}

function* once(proc: Process, settings: Settings, address: string, asked: Asked & { first: boolean }): Task<Course> {
  const url = withQuery(parseUrl(address), asked.query);
  const course: Course = {
    url: url ?? { scheme: "", user: undefined, host: "", port: undefined, path: "" },
    start: proc.machine.kernel.clock.now,
    times: { lookup: 0, connect: 0, secure: 0, first: 0, redirect: 0 },
    address: "",
    peer: url?.host ?? "",
    redirects: 0,
    connections: 0,
    requestSize: 0,
    method: "GET",
    answer: undefined,
    got: 0,
    sent: 0,
    exitcode: 0,
    error: "",
    redirectUrl: "",
  };
  const target = outputFile(asked.output, course);
  const toTerminal = target === undefined && proc.isTerminal(1);
  const talk: Talk = { proc, settings, toTerminal };
  const metered = url && !settings.has("silent") && !settings.has("no-progress-meter") && !toTerminal;
  const file = { fd: undefined as number | undefined };
  try {
    if (!url) throw new CurlFault(3, "URL using bad/illegal format or missing URL");
    if (!["http", "https", "telnet"].includes(url.scheme)) throw new CurlFault(1, schemeFault(url.scheme));
    if (target === "") throw new CurlFault(23, "Failed writing received data to disk/application");
    if (metered) yield* proc.write(2, settings.has("progress-bar") ? "" : asked.first ? meterStart : meterAgain);
    yield* transfer(talk, course, asked.body, sinkOf(talk, target, file));
  } catch (error) {
    if (!(error instanceof CurlFault)) throw error;
    course.exitcode = error.status;
    course.error = error.message;
  }
  if (file.fd !== undefined) proc.close(file.fd);
  if (metered && (course.exitcode !== 23 || course.got > 0)) yield* proc.write(2, meterEnd(proc, settings, course));
  if (course.exitcode !== 0 && shows(settings)) yield* proc.write(2, `curl: (${course.exitcode}) ${course.error}\n`);
  return course;
}

function withQuery(url: Url | undefined, query: string | undefined): Url | undefined {
  if (!url || query === undefined) return url;
  return { ...url, path: `${url.path}${url.path.includes("?") ? "&" : "?"}${query}` };
}

function schemeFault(scheme: string): string {
  const known =
    "dict file ftp ftps gopher gophers imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps tftp";
  if (known.split(" ").includes(scheme)) return `Protocol "${scheme}" is not simulated`;
  return `Protocol "${scheme}" not supported or disabled in libcurl`;
}

function meterEnd(proc: Process, settings: Settings, course: Course): string {
  if (settings.has("progress-bar")) return course.exitcode === 0 ? `\r${"#".repeat(72)} 100.0%\n` : "";
  const micros = Math.round(secondsSince(proc, course.start) * 1_000_000);
  const expected = course.answer?.length ?? (course.answer ? undefined : 0);
  return `${line({ got: course.got, expected, sent: course.sent, micros })}\n`;
}

/** The file that -o or -O names; "" where -O finds no name. */
function outputFile(output: Asked["output"], { url }: Course): string | undefined {
  if (!output) return undefined;
  if (output[0] === "output") return output[1] === "-" ? undefined : output[1];
  return (url.path.split("?")[0] ?? "").split("/").at(-1) ?? "";
}

function sinkOf(talk: Talk, target: string | undefined, file: { fd: number | undefined }): Sink {
  const { proc, settings } = talk;
  const folder = settings.value("output-dir");
  const open = (): number => {
    if (target === undefined) return 1;
    if (file.fd !== undefined) return file.fd;
    const path = folder ? `${folder}/${target}` : target;
    if (settings.has("create-dirs")) makeFolders(proc, path);
    try {
      file.fd = openFd(proc, path, { write: true, create: true, truncate: true });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new CurlFault(23, "Failure writing output to destination");
    }
    return file.fd;
  };
  const dump = settings.value("dump-header");
  return {
    *head(text) {
      if (dump !== undefined) yield* dumped(proc, dump, text);
      if (settings.has("include") || settings.has("head")) yield* proc.write(open(), text);
    },
    *body(text) {
      yield* proc.write(open(), text);
    },
  };
}

function makeFolders(proc: Process, path: string): void {
  const folder = pathOf(proc, path).replace(/\/[^/]*$/, "");
  if (folder !== "") proc.machine.files.mkdir(folder, proc.credentials, { parents: true });
}

function* dumped(proc: Process, name: string, text: string): Task {
  if (name === "-") {
    yield* proc.write(1, text);
    return;
  }
  const fd = openFd(proc, name, { write: true, create: true, truncate: true });
  yield* proc.write(fd, text);
  proc.close(fd);
}

function* reported(proc: Process, settings: Settings, course: Course): Task {
  let format = settings.value("write-out");
  if (format === undefined) return;
  if (format === "@-") format = yield* proc.readAll();
  const { answer, url, times } = course;
  const total = secondsSince(proc, course.start);
  const time = (seconds: number) => seconds.toFixed(6);
  const status = String(answer?.status ?? 0).padStart(3, "0");
  const values: Record<string, string | number> = {
    content_type: answer?.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "",
    errormsg: course.error.split("\n")[0] ?? "",
    exitcode: course.exitcode,
    filename_effective: settings.value("output") ?? "",
    http_code: status,
    http_connect: "000",
    http_version: answer?.version ?? "0",
    local_ip: "",
    method: course.method,
    num_connects: course.connections,
    num_headers: answer?.headers.length ?? 0,
    num_redirects: course.redirects,
    redirect_url: course.redirectUrl,
    remote_ip: course.address,
    remote_port: course.address === "" ? 0 : portOf(url),
    response_code: status,
    scheme: course.connections > 0 ? url.scheme.toUpperCase() : "",
    size_download: course.got,
    size_request: course.requestSize,
    size_upload: course.sent,
    speed_download: Math.floor(course.got / (total || 0.001)),
    speed_upload: Math.floor(course.sent / (total || 0.001)),
    ssl_verify_result: 0,
    time_appconnect: time(times.secure),
    time_connect: time(times.connect),
    time_namelookup: time(times.lookup),
    time_pretransfer: time(times.connect),
    time_redirect: time(times.redirect),
    time_starttransfer: time(times.first),
    time_total: time(total),
    url_effective: url.host === "" ? "" : urlText(url),
    urlnum: 0,
  };
  const texts = writeOut(format, { values, headers: answer?.headers ?? [] });
  if (texts.err !== "") yield* proc.write(2, texts.err);
  if (texts.out !== "") yield* proc.write(1, texts.out);
}

/** curl 7.88 as Debian 12 has it, for HTTP and HTTPS. */
export const curl: Program = { name: "curl", run };
