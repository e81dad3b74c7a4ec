import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Served, serve } from "./served.ts";

interface Session {
  readonly socket: WebSocket;
  readonly channels: Record<number, string>;
  readonly closed: Promise<number>;
  send(channel: number, text: string): void;
}

function open({ served, tls }: Served, path: string, protocols = ["v5.channel.k8s.io"]): Promise<Session> {
  const socket = new WebSocket(`wss://127.0.0.1:${served.port}${path}`, protocols, tls);
  const channels: Record<number, string> = {};
  socket.on("message", (data: Buffer) => {
    const channel = data[0] ?? -1;
    channels[channel] = (channels[channel] ?? "") + data.subarray(1).toString();
  });
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () =>
      resolve({
        socket,
        channels,
        closed,
        send: (channel, text) => socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)])),
      }),
    );
  });
}

const exec = (command: readonly string[], more = "") =>
  `/api/v1/namespaces/default/pods/p/exec?${command.map((word) => `command=${encodeURIComponent(word)}`).join("&")}&stdout=true&stderr=true${more}`;

test("exec: both outputs, the end, a normal close", async () => {
  const session = await open(await serve(), exec(["sh", "-c", "echo out; echo err >&2"]));
  expect(session.socket.protocol).toBe("v5.channel.k8s.io");
  expect(await session.closed).toBe(1000);
  expect(session.channels).toEqual({ 1: "out\n", 2: "err\n", 3: '{"metadata":{},"status":"Success"}' });
});

test("exec: the exit code", async () => {
  const session = await open(await serve(), exec(["sh", "-c", "exit 7"]));
  await session.closed;
  expect(JSON.parse(session.channels[3] ?? "")).toMatchObject({
    status: "Failure",
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: "7" }] },
  });
});

test("exec: stdin, its end, and bytes that are no text", async () => {
  const session = await open(await serve(), exec(["cat"], "&stdin=true"));
  session.send(0, "hello\n");
  session.send(0, "grüße");
  session.socket.send(Buffer.from([0, 0xff, 0x00, 0xfe]));
  session.send(255, "\u0000");
  const bytes: Buffer[] = [];
  session.socket.on("message", (data: Buffer) => data[0] === 1 && bytes.push(data.subarray(1)));
  await session.closed;
  expect(Buffer.concat(bytes)).toEqual(Buffer.concat([Buffer.from("hello\ngrüße"), Buffer.from([0xff, 0x00, 0xfe])]));
});

test("exec: much input at once", async () => {
  const session = await open(await serve(), exec(["wc", "-c"], "&stdin=true"));
  for (let i = 0; i < 20; i++) session.send(0, "x".repeat(32_000));
  session.send(255, "\u0000");
  await session.closed;
  expect(session.channels[1]?.trim()).toBe("640000");
});

test("exec with a terminal: a prompt, editing, history, signals, one output", async () => {
  const session = await open(await serve(), exec(["sh"], "&stdin=true&tty=true"));
  session.send(4, '{"Width":100,"Height":30}\n');
  const shown = async (what: RegExp) => {
    while (!what.test(session.channels[1] ?? ""))
      await new Promise((resolve) => session.socket.once("message", resolve));
  };
  await shown(/[#$] $/);
  session.send(0, "echo ovr\u001b[De\r");
  await shown(/\nover\r\n.*[#$] $/);
  session.send(0, "\u001b[A >&2\u0003");
  await shown(/\^C\r\n.*[#$] $/);
  session.send(0, "cat\r");
  await shown(/cat\r\n$/);
  session.send(0, "typed\r");
  await shown(/typed\r\ntyped\r\n/);
  session.send(0, "\u0003exit 3\r");
  await session.closed;
  expect(session.channels[2]).toBeUndefined();
  expect(JSON.parse(session.channels[3] ?? "")).toMatchObject({ details: { causes: [{ message: "3" }] } });
});

test("exec by a protocol nobody speaks, in a pod that is not there, by somebody who may not", async () => {
  const world = await serve();
  await expect(open(world, exec(["true"]), ["v9.channel.k8s.io"])).rejects.toThrow("403");
  await expect(open(world, "/api/v1/namespaces/default/pods/nope/exec?command=true&stdout=true")).rejects.toThrow(
    "404",
  );
  await expect(open({ ...world, tls: { ca: world.tls.ca } as never }, exec(["true"]))).rejects.toThrow("403");
});

test("attach shows what comes", async () => {
  const session = await open(await serve(), "/api/v1/namespaces/default/pods/p/attach?stdout=true");
  await new Promise<void>((resolve) => {
    session.socket.on("message", () => (session.channels[1] ?? "").split("\n").length > 2 && resolve());
  });
  expect(session.channels[1]).toMatch(/^line \d+\nline \d+\n/);
  session.socket.close();
  await session.closed;
});

test("logs -f", async () => {
  const { follow } = await serve();
  const lines: string[] = [];
  await follow("/api/v1/namespaces/default/pods/p/log?follow=true&tailLines=1", (line, end) => {
    lines.push(line);
    if (lines.length === 3) end();
  });
  const [first] = lines;
  const n = Number(first?.split(" ")[1]);
  expect(lines).toEqual([n, n + 1, n + 2].map((k) => `line ${k}`));
});
