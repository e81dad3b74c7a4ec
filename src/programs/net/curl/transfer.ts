import type { HttpRequest } from "../../../base/http.ts";
import { byteLength } from "../../../base/text-bytes.ts";
import type { Task } from "../../../machine/define.ts";
import type { Listener } from "../../../machine/define-network.ts";
import { type Answer, exchange } from "../exchange.ts";
import { connectTo, lookUp, secondsSince } from "../reach.ts";
import { portOf, resolveUrl, type Url, urlText } from "../url.ts";
import { CurlFault, passed, remark, type Talk } from "./define.ts";
import { destination, familyOf, isOfOther, pinned } from "./destination.ts";
import { leadText } from "./lead-text.ts";
import { makeRequest, methodOf, type Sent } from "./request.ts";
import { handshake } from "./secure.ts";
import { overTelnet } from "./telnet.ts";
import { unixSocket } from "./unix-socket.ts";

/** What became of a transfer so far; told by --write-out and the meter also where it fails. */
export interface Course {
  url: Url;
  readonly start: number;
  /** Virtual times in seconds since the start. */
  times: { lookup: number; connect: number; secure: number; first: number; redirect: number };
  address: string;
  /** Whom it says that it is connected to. */
  peer: string;
  redirects: number;
  connections: number;
  requestSize: number;
  method: string;
  answer: Answer | undefined;
  got: number;
  sent: number;
  exitcode: number;
  error: string;
  redirectUrl: string;
}

/** Where the head and the body of an answer go. */
export interface Sink {
  head(text: string): Task;
  body(text: string): Task;
}

/** Sends the request and takes the answer, and follows where it leads with -L. Throws CurlFault. */
export function* transfer(talk: Talk, course: Course, body: string | undefined, sink: Sink): Task {
  const { settings } = talk;
  if (course.url.scheme === "telnet") {
    yield* overTelnet(talk, course, yield* connected(talk, course));
    return;
  }
  let method = methodOf(settings, body !== undefined);
  let sending = body;
  const limit = Number(settings.value("max-redirs") ?? 50);
  let host = course.url.host;
  for (;;) {
    const listener = yield* connected(talk, course);
    const http2 = course.url.scheme === "https" && !settings.has("http1.1") && !settings.has("http1.0");
    const shown = course.url.scheme === "https" ? yield* handshake(talk, course.url, listener, http2) : undefined;
    course.times.secure = course.url.scheme === "https" ? secondsSince(talk.proc, course.start) : 0;
    const authorized = course.redirects === 0 || course.url.host === host || settings.has("location-trusted");
    const request = makeRequest(settings, course.url, {
      method,
      body: sending,
      authorized,
      cookies: settings.jar.header(course.url, talk.proc.machine.kernel.clock.now),
    });
    const answer = yield* asked(talk, course, listener, request, { http2, shown });
    for (const [name, value] of answer.headers)
      if (name.toLowerCase() === "set-cookie") settings.jar.take(value, course.url, talk.proc.machine.kernel.clock.now);
    const location = answer.headers.find(([name]) => name.toLowerCase() === "location")?.[1];
    const redirected = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined;
    const next = redirected ? resolveUrl(course.url, location) : undefined;
    const follows = next !== undefined && settings.has("location");
    yield* headAndBody(talk, course, answer, { follows, sink });
    if (!follows) {
      course.redirectUrl = next ? urlText(next) : "";
      return;
    }
    if (limit >= 0 && course.redirects >= limit) {
      yield* remark(talk, `* Maximum (${limit}) redirects followed`);
      throw new CurlFault(47, `Maximum (${limit}) redirects followed`);
    }
    yield* remark(talk, leadText(course.url, next));
    host = course.redirects === 0 ? course.url.host : host;
    course.redirects++;
    course.url = next;
    course.times.redirect = secondsSince(talk.proc, course.start);
    if (
      settings.value("request") === undefined &&
      (answer.status === 303 || (answer.status < 303 && method === "POST"))
    ) {
      method = settings.has("head") ? "HEAD" : "GET";
      sending = undefined;
    }
  }
}

/** All the time there is for connecting: --connect-timeout, and what is left of --max-time. */
function timeLeft({ proc, settings }: Talk, course: Course): { connect: number | undefined; all: number | undefined } {
  const max = settings.number("max-time");
  return {
    connect: settings.number("connect-timeout"),
    all: max === undefined ? undefined : Math.max(0, max - secondsSince(proc, course.start)),
  };
}

function milliseconds(talk: Talk, course: Course): number {
  return Math.floor(secondsSince(talk.proc, course.start) * 1000);
}

function least(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value): value is number => value !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

function* connected(talk: Talk, course: Course): Task<Listener> {
  const { proc, settings } = talk;
  const { url } = course;
  const socket = settings.value("unix-socket");
  if (socket !== undefined) return yield* unixSocket(talk, course, socket);
  const { host, port, isOther } = yield* destination(talk, url.host, portOf(url));
  let address = yield* pinned(talk, host, port, course.redirects === 0);
  if (address === undefined) {
    const { connect, all } = timeLeft(talk, course);
    const found = yield* lookUp(proc, host, least(connect, all), familyOf(settings));
    if (typeof found !== "string") yield* unresolved(talk, course, host, found.late);
    else address = found;
  }
  if (address === undefined) throw new CurlFault(6, `Could not resolve host: ${host}`);
  if (isOfOther(settings, address)) throw new CurlFault(7, "Couldn't connect to server");
  course.times.lookup = secondsSince(proc, course.start);
  yield* remark(talk, `*   Trying ${address.includes(":") ? `[${address}]` : address}:${port}...`);
  const { connect, all } = timeLeft(talk, course);
  const listener = yield* connectTo(proc, address, port, least(connect, all));
  if ("failed" in listener)
    yield* unconnected(talk, course, { address, port, fault: listener, limits: { connect, all } });
  course.address = address;
  course.times.connect = secondsSince(proc, course.start);
  const number = course.connections++;
  course.peer = isOther ? "(nil)" : url.host;
  yield* remark(talk, `* Connected to ${course.peer} (${address}) port ${port} (#${number})`);
  return listener as Listener;
}

function* unresolved(talk: Talk, course: Course, host: string, late: boolean): Task {
  const words = late
    ? `Resolving timed out after ${milliseconds(talk, course)} milliseconds`
    : `Could not resolve host: ${host}`;
  yield* remark(talk, `* ${words}\n* Closing connection 0`);
  throw new CurlFault(late ? 28 : 6, words);
}

interface Unconnected {
  readonly address: string;
  readonly port: number;
  readonly fault: { readonly failed: string; readonly words: string; readonly late: boolean };
  readonly limits: { readonly connect: number | undefined; readonly all: number | undefined };
}

function* unconnected(talk: Talk, course: Course, { address, port, fault, limits }: Unconnected): Task {
  const took = milliseconds(talk, course);
  if (fault.late && (limits.connect === undefined || (limits.all !== undefined && limits.all <= limits.connect))) {
    yield* remark(talk, `* Connection timed out after ${took} milliseconds\n* Closing connection 0`);
    throw new CurlFault(28, `Connection timed out after ${took} milliseconds`);
  }
  const words = fault.late ? "Timeout was reached" : "Couldn't connect to server";
  const message = `Failed to connect to ${course.url.host} port ${port} after ${took} ms: ${words}`;
  yield* remark(
    talk,
    fault.late
      ? `* ipv4 connect timeout after ${Math.floor((limits.connect ?? 0) * 1000)}ms, move on!`
      : `* connect to ${address} port ${port} failed: ${fault.words}`,
  );
  yield* remark(talk, `* ${message}\n* Closing connection 0`);
  throw new CurlFault(fault.failed === "ETIMEDOUT" ? 28 : 7, message);
}

interface Secured {
  readonly http2: boolean;
  readonly shown: HttpRequest["clientCertificate"];
}

/** The answer to a request. Throws CurlFault where none comes. */
function* asked(talk: Talk, course: Course, listener: Listener, sent: Sent, { http2, shown }: Secured): Task<Answer> {
  const { proc, settings } = talk;
  const { url } = course;
  course.method = sent.method;
  const lines = sent.headers.map(([name, value]) =>
    http2 && name !== "Host" ? `${name.toLowerCase()}: ${value}` : `${name}: ${value}`,
  );
  if (http2) yield* remark(talk, http2Lines(url, sent));
  const version = http2 ? "2" : settings.has("http1.0") ? "1.0" : "1.1";
  const start = `${sent.method} ${url.path} HTTP/${version}`;
  if (sent.headers.some(([name, value]) => name === "Authorization" && value.startsWith("Basic")))
    yield* remark(
      talk,
      `* Server auth using Basic with user '${(settings.value("user") ?? url.user ?? "").replace(/:.*/s, "")}'`,
    );
  yield* remark(talk, [start, ...lines, ""].map((line) => `> ${line}\r`).join("\n"));
  course.requestSize += byteLength([start, ...lines, "", ""].join("\r\n"));
  if (sent.body !== undefined) {
    course.sent = byteLength(sent.body);
    if (course.sent > 0) yield* passed(talk, "}", course.sent);
  }
  const headers: Record<string, string> = url.scheme === "https" ? { ":scheme": "https" } : {};
  for (const [name, value] of sent.headers) headers[name.toLowerCase()] = value;
  const request: HttpRequest = {
    method: sent.method,
    path: url.path,
    headers,
    ...(sent.body === undefined ? {} : { body: sent.body }),
    ...(shown === undefined ? {} : { clientCertificate: shown }),
  };
  const answer = yield* exchange(proc, listener, request, { http2, seconds: timeLeft(talk, course).all });
  if (answer === "late") {
    const message = `Operation timed out after ${milliseconds(talk, course)} milliseconds with 0 bytes received`;
    yield* remark(talk, `* ${message}\n* Closing connection ${course.connections - 1}`);
    throw new CurlFault(28, message);
  }
  course.times.first = secondsSince(proc, course.start);
  if ("status" in answer) return answer;
  const words = answer.said === "" ? "Empty reply from server" : "Received HTTP/0.9 when not allowed";
  yield* remark(talk, `* ${words}\n* Closing connection ${course.connections - 1}`);
  throw new CurlFault(answer.said === "" ? 52 : 1, words);
}

function http2Lines(url: Url, { method, headers }: Sent): string {
  const host = headers.find(([name]) => name === "Host")?.[1] ?? "";
  const lines = [`:method: ${method}`, `:path: ${url.path}`, `:scheme: ${url.scheme}`, `:authority: ${host}`];
  for (const [name, value] of headers) if (name !== "Host") lines.push(`${name.toLowerCase()}: ${value}`);
  const stream = "* Using Stream ID: 1 (easy handle 0x55d0c6b0e2b0)";
  return ["* using HTTP/2", ...lines.map((line) => `* h2h3 [${line}]`), stream].join("\n");
}

interface Taking {
  readonly follows: boolean;
  readonly sink: Sink;
}

function* headAndBody(talk: Talk, course: Course, answer: Answer, { follows, sink }: Taking): Task {
  const { settings } = talk;
  course.answer = answer;
  const first = `HTTP/${answer.version} ${answer.status} ${answer.reason}`;
  const lines = [first, ...answer.headers.map(([name, value]) => `${name}: ${value}`)];
  const number = course.connections - 1;
  const refused = answer.status >= 400 && settings.has("fail");
  for (const line of refused ? lines : [...lines, ""]) yield* remark(talk, `< ${line}\r`);
  yield* sink.head(`${lines.join("\r\n")}\r\n${refused ? "" : "\r\n"}`);
  if (refused) {
    const words = `The requested URL returned error: ${answer.status}`;
    yield* remark(talk, `* ${words}\n* Closing connection ${number}`);
    throw new CurlFault(22, words);
  }
  yield* takeBody(talk, course, answer, follows ? undefined : sink);
  yield* remark(talk, `* Connection #${number} to host ${course.peer} left intact`);
  if (answer.status >= 400 && settings.has("fail-with-body"))
    throw new CurlFault(22, `The requested URL returned error: ${answer.status}`);
}

/** Reads the body to its end. A body that leads elsewhere is not shown. */
function* takeBody(talk: Talk, course: Course, answer: Answer, sink: Sink | undefined): Task {
  const { proc, settings } = talk;
  const max = settings.number("max-time");
  const until = max === undefined ? undefined : course.start + max * 1_000_000;
  let told = false;
  try {
    for (;;) {
      const part = yield* answer.read(until);
      if (part === undefined) return;
      if (part === "late") {
        const took = milliseconds(talk, course);
        const of = answer.length === undefined ? `${course.got}` : `${course.got} out of ${answer.length}`;
        throw new CurlFault(28, `Operation timed out after ${took} milliseconds with ${of} bytes received`);
      }
      if (!told && !sink) yield* remark(talk, "* Ignoring the response-body");
      if (!told) yield* passed(talk, "{", byteLength(part));
      told = true;
      course.got += sink ? byteLength(part) : 0;
      if (sink) yield* sink.body(part);
      if (proc.tick()) yield undefined;
    }
  } finally {
    answer.close();
  }
}
