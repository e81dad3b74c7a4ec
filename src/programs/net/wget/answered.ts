import { base64Of } from "../../../base/base64.ts";
import { byteLength, bytesOf } from "../../../base/text-bytes.ts";
import type { Task } from "../../../machine/define.ts";
import type { Answer } from "../exchange.ts";
import { connectTo, lookUp } from "../reach.ts";
import { readFile } from "../read-file.ts";
import { hostHeader, portOf, type Url } from "../url.ts";
import { ask } from "./define.ts";
import { trusted } from "./trust.ts";
import { Attempt, type Wishes } from "./wishes.ts";

/** How long wget waits for an answer, in seconds, where no option says otherwise (wget(1), --read-timeout). */
const READ_TIMEOUT = 900;

/** Connects, asks and gives the answer. Throws Attempt. */
export function* answered(wishes: Wishes, url: Url, kept: boolean, authorized = false): Task<Answer> {
  const { proc } = wishes;
  const body = yield* bodyOf(wishes);
  const isName = !/^[\d.]+$/.test(url.host) && !url.host.includes(":");
  if (isName && !kept) yield* wishes.say(`Resolving ${url.host} (${url.host})... `);
  const address = yield* lookUp(proc, url.host, wishes.seconds("dns-timeout", "T"));
  if (typeof address !== "string") {
    yield* wishes.say(`failed: ${address.failed}.\n`);
    yield* wishes.note(`wget: unable to resolve host address ‘${url.host}’\n`);
    throw new Attempt(4);
  }
  const port = portOf(url);
  if (isName && !kept) yield* wishes.say(`${address}\n`);
  if (kept) yield* wishes.say(`Reusing existing connection to ${url.host}:${port}.\n`);
  else yield* wishes.say(`Connecting to ${isName ? `${url.host} (${url.host})|${address}|` : url.host}:${port}... `);
  const listener = yield* connectTo(proc, address, port, wishes.seconds("connect-timeout", "T"));
  if ("failed" in listener) {
    yield* wishes.note(`failed: ${listener.words}.\n`);
    const again = listener.failed === "ETIMEDOUT" || wishes.has("retry-connrefused");
    throw new Attempt(4, again);
  }
  if (!kept) yield* wishes.say("connected.\n");
  const secure = url.scheme === "https" ? yield* trusted(wishes, url.host, listener) : { ok: true };
  if (!secure.ok) throw new Attempt(secure.status ?? 5);
  yield* wishes.say("HTTP request sent, awaiting response... ");
  const seconds = wishes.seconds("read-timeout", "T") ?? READ_TIMEOUT;
  const sent = { ...requestOf(wishes, url, body, authorized), certificate: secure.certificate, seconds };
  const answer = yield* ask(proc, listener, url, sent);
  if (answer === "late") {
    yield* wishes.say("Read error (Connection timed out) in headers.\n");
    throw new Attempt(4, true);
  }
  if ("status" in answer) return answer;
  yield* wishes.say(answer.said === "" ? "No data received.\n" : "Read error (Connection reset by peer) in headers.\n");
  throw new Attempt(4, true);
}

/** What --post-data, --post-file and their relatives make. */
function* bodyOf(wishes: Wishes): Task<string | undefined> {
  const file = wishes.value("post-file") ?? wishes.value("body-file");
  if (file === undefined) return wishes.value("post-data") ?? wishes.value("body-data");
  const text = yield* readFile(wishes.proc, file);
  if (text !== undefined) return text;
  yield* wishes.note(`BODY data file ‘${file}’ missing: No such file or directory\n`);
  throw new Attempt(3);
}

/** The name and password that are shown to a server that asks for them. */
export function credentialsOf(wishes: Wishes, url: Url): string | undefined {
  const user = wishes.value("user") ?? wishes.value("http-user");
  if (user !== undefined) return `${user}:${wishes.value("password") ?? wishes.value("http-password") ?? ""}`;
  return url.user === undefined ? undefined : decodeURIComponent(url.user);
}

function requestOf(wishes: Wishes, url: Url, body: string | undefined, authorized: boolean) {
  const method = wishes.value("method") ?? (wishes.has("spider") ? "HEAD" : body === undefined ? "GET" : "POST");
  const headers: Record<string, string> = {
    host: hostHeader(url),
    "user-agent": wishes.value("U") ?? "Wget/1.21.3",
    accept: "*/*",
    "accept-encoding": "identity",
    connection: "Keep-Alive",
  };
  if (body !== undefined) {
    headers["content-type"] = "application/x-www-form-urlencoded";
    headers["content-length"] = String(byteLength(body));
  }
  const credentials = credentialsOf(wishes, url);
  if (credentials !== undefined && (authorized || wishes.has("auth-no-challenge")))
    headers.authorization = `Basic ${base64Of(bytesOf(credentials))}`;
  for (const line of wishes.all("header"))
    headers[line.replace(/:.*/s, "").toLowerCase()] = line.replace(/^[^:]*:\s*/s, "");
  return { method, headers, ...(body === undefined ? {} : { body }) };
}
