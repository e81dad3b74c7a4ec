import { base64Of } from "../../../base/base64.ts";
import { byteLength, bytesOf } from "../../../base/text-bytes.ts";
import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { readFile } from "../read-file.ts";
import { hostHeader, type Url } from "../url.ts";
import { CurlFault, type Settings } from "./define.ts";
import { CurlMisuse } from "./options.ts";

/** What is sent: the headers as they go over the wire, in their order. */
export interface Sent {
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
}

/** What -d and its relatives make; undefined where none was given. */
export function* postData(proc: Process, settings: Settings): Task<string | undefined> {
  const options = settings.all("data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json");
  if (options.length === 0) return undefined;
  let body = "";
  for (const [i, option] of options.entries()) {
    const part = yield* dataPart(proc, settings, option);
    body += i > 0 && option[0] !== "json" ? `&${part}` : part;
  }
  return body;
}

function* dataPart(proc: Process, settings: Settings, [name, value]: readonly [string, string]): Task<string> {
  if (name === "data-raw") return value;
  if (name === "data-urlencode") {
    const found = /^([^=@]*)([=@])(.*)$/s.exec(value);
    if (!found) return encoded(value);
    const text = found[2] === "@" ? yield* fileText(proc, settings, found[3] ?? "") : (found[3] ?? "");
    return `${found[1] ? `${found[1]}=` : ""}${encoded(text)}`;
  }
  if (!value.startsWith("@")) return value;
  const text = yield* fileText(proc, settings, value.slice(1));
  return name === "data" || name === "data-ascii" ? text.replace(/[\r\n\0]/g, "") : text;
}

/** The text of a file, or of stdin; "" with a warning where it cannot be read. */
function* fileText(proc: Process, settings: Settings, name: string): Task<string> {
  if (name === "-") return yield* proc.readAll();
  const text = yield* readFile(proc, name);
  if (text === undefined && !settings.has("silent"))
    yield* proc.write(2, `Warning: Couldn't read data from file "${name}", this makes an empty POST.\n`);
  return text ?? "";
}

function encoded(text: string): string {
  let out = "";
  for (const byte of bytesOf(text)) {
    const letter = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-._~]/.test(letter)) out += letter;
    else if (letter === " ") out += "+";
    else out += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

/** The method that the options ask for. */
export function methodOf(settings: Settings, hasBody: boolean): string {
  if (settings.has("head") && hasBody) throw new CurlMisuse("", 2);
  const usual = settings.has("head") ? "HEAD" : settings.value("upload-file") ? "PUT" : hasBody ? "POST" : "GET";
  return settings.value("request") ?? usual;
}

/** The request's head as curl 7.88 orders it (lib/http.c). */
export function makeRequest(
  settings: Settings,
  url: Url,
  what: {
    readonly method: string;
    readonly body: string | undefined;
    readonly authorized: boolean;
    readonly cookies: string | undefined;
  },
): Sent {
  const own = settings.all("header").map(([, line]) => headerOf(line));
  const named = (name: string) => own.some(([one]) => one.toLowerCase() === name.toLowerCase());
  const headers: [string, string][] = [];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && !named(name)) headers.push([name, value]);
  };
  const json = settings.value("json") !== undefined;
  const host = own.find(([name]) => name.toLowerCase() === "host")?.[1];
  headers.push(["Host", host || hostHeader(url)]);
  add("Authorization", what.authorized ? authorization(settings, url) : undefined);
  const range = settings.value("range");
  add("Range", range === undefined ? undefined : `bytes=${range}`);
  const agent = settings.value("user-agent");
  add("User-Agent", agent === "" ? undefined : (agent ?? "curl/7.88.1"));
  add("Accept", json ? "application/json" : "*/*");
  add("Accept-Encoding", settings.has("compressed") ? "deflate, gzip, br, zstd" : undefined);
  add("Referer", settings.value("referer"));
  const literal = settings.value("cookie");
  const cookies = [what.cookies, literal?.includes("=") ? literal : undefined].filter((one) => one !== undefined);
  add("Cookie", cookies.length > 0 ? cookies.join("; ") : undefined);
  for (const [name, value] of own) if (value !== "" && name.toLowerCase() !== "host") headers.push([name, value]);
  if (what.body !== undefined) {
    add("Content-Length", String(byteLength(what.body)));
    const { form: parts } = settings;
    const plain = json ? "application/json" : "application/x-www-form-urlencoded";
    const form = parts ? `multipart/form-data; boundary=${parts.boundary}` : plain;
    if (settings.value("upload-file") === undefined) add("Content-Type", form);
  }
  return { method: what.method, headers, body: what.body };
}

/** A header of -H; an empty value takes curl's own away, a semicolon sends an empty one. */
function headerOf(line: string): [string, string] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line.replace(/;.*$/s, ""), ""];
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function authorization(settings: Settings, { user }: Url): string | undefined {
  const bearer = settings.value("oauth2-bearer");
  if (bearer !== undefined) return `Bearer ${bearer}`;
  const credentials = settings.value("user") ?? (user === undefined ? undefined : decodeURIComponent(user));
  if (credentials === undefined) return undefined;
  const whole = credentials.includes(":") ? credentials : `${credentials}:`;
  return `Basic ${base64Of(bytesOf(whole))}`;
}

/** What -T sends. */
export function* uploadData(proc: Process, settings: Settings): Task<string | undefined> {
  const file = settings.value("upload-file");
  if (file === undefined) return undefined;
  if (file === "-" || file === ".") return yield* proc.readAll();
  const text = yield* readFile(proc, file);
  if (text === undefined) throw new CurlFault(26, `Can't open '${file}'!`);
  return text;
}
