import { base64Of } from "../../../base/base64.ts";
import { byteLength, bytesOf } from "../../../base/text-bytes.ts";
import type { Task } from "../../../machine/define.ts";
import type { Answer } from "../exchange.ts";
import { connectTo, lookUp } from "../reach.ts";
import { hostHeader, portOf, type Url } from "../url.ts";
import { ask } from "./define.ts";
import { trusted } from "./trust.ts";
import { Attempt, type Wishes } from "./wishes.ts";

/** Connects, asks and gives the answer. Throws Attempt. */
export function* answered(wishes: Wishes, url: Url, kept: boolean): Task<Answer> {
  const { proc } = wishes;
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
  const answer = ask(proc, listener, url, { ...requestOf(wishes, url), address, certificate: secure.certificate });
  yield* wishes.say("HTTP request sent, awaiting response... ");
  if ("status" in answer) return answer;
  yield* wishes.say(answer.said === "" ? "No data received.\n" : "Read error (Connection reset by peer) in headers.\n");
  throw new Attempt(4, true);
}

function requestOf(wishes: Wishes, url: Url) {
  const body = wishes.value("post-data") ?? wishes.value("body-data");
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
  const user = wishes.value("user") ?? wishes.value("http-user");
  if (user !== undefined && wishes.has("auth-no-challenge"))
    headers.authorization = `Basic ${base64Of(bytesOf(`${user}:${wishes.value("password") ?? wishes.value("http-password") ?? ""}`))}`;
  for (const line of wishes.all("header"))
    headers[line.replace(/:.*/s, "").toLowerCase()] = line.replace(/^[^:]*:\s*/s, "");
  return { method, headers, ...(body === undefined ? {} : { body }) };
}
