import { expect, test } from "vitest";
import type { HttpRequest, HttpResponse } from "../../src/base/http.ts";
import { openBytes } from "../../src/base/http-bytes.ts";
import { Stream } from "../../src/base/stream.ts";
import { bytesOf, textOf } from "../../src/base/text-bytes.ts";

/** A connection to a server that tells what it was asked. */
function connection(stream?: Stream<string>) {
  let text = "";
  let ended = false;
  const http = ({ method, path, body = "" }: HttpRequest): HttpResponse =>
    stream
      ? { status: 200, headers: {}, stream }
      : { status: 200, headers: { "content-type": "text/plain" }, body: `${method} ${path} ${body}` };
  const bytes = openBytes(
    { http },
    {
      write: (part) => {
        text += textOf(part);
      },
      end: () => {
        ended = true;
      },
    },
  );
  return {
    send: (sent: string) => bytes.receive(bytesOf(sent)),
    end: () => bytes.end(),
    said: () => ({ text, ended }),
  };
}

const answered = (body: string, more = "") =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${bytesOf(body).length}\r\n${more}\r\n${body}`;

test("requests one after the other, cut anywhere, with bodies", () => {
  const { send, said, end } = connection();
  for (const part of "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\nPOST /d HTTP/1.1\r\nContent-Length: 6\r\n\r\nüber!")
    send(part);
  expect(said()).toEqual({ text: answered("GET /a?b=c ") + answered("POST /d über!"), ended: false });
  end();
  expect(said().ended).toBe(true);
});

test("a body in chunks", () => {
  const { send, said } = connection();
  send("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde");
  expect(said().text).toBe("");
  send("\r\n0\r\n\r\n");
  expect(said().text).toBe(answered("PUT / abcde"));
});

test("what closes the connection, and what is no HTTP", () => {
  for (const request of ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"]) {
    const { send, said } = connection();
    send(request);
    expect(said()).toEqual({ text: answered("GET / ", "Connection: close\r\n"), ended: true });
  }
  const { send, said } = connection();
  send("\u0016\u0003\u0001 hello\r\n\r\n");
  expect(said()).toEqual({ text: expect.stringMatching(/^HTTP\/1\.1 400 Bad Request\r\n/), ended: true });
});

test("an answer that goes on", () => {
  const stream = new Stream<string>();
  const { send, said } = connection(stream);
  stream.push("one\n");
  send("GET /log HTTP/1.1\r\n\r\n");
  stream.push("two\n");
  stream.close();
  expect(said().text).toBe(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n4\r\ntwo\n\r\n0\r\n\r\n",
  );
});

test("a listener that speaks no HTTP says its banner", () => {
  const said: string[] = [];
  openBytes({ banner: "SSH-2.0-x\r\n" }, { write: (part) => said.push(textOf(part)), end() {} }).receive(bytesOf("hi"));
  expect(said).toEqual(["SSH-2.0-x\r\n"]);
});
