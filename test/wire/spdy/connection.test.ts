import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { SpdyConnection } from "../../../src/wire/spdy/connection.ts";
import { spdyDictionary } from "../../../src/wire/spdy/dictionary.ts";
import {
  CONTROL,
  controlFrame,
  dataFrame,
  FIN,
  type Frame,
  FrameReader,
  numbers,
} from "../../../src/wire/spdy/frames.ts";
import { HeaderReader, HeaderWriter } from "../../../src/wire/spdy/header-block.ts";

test("the dictionary is that of the protocol's draft 3.1", () => {
  // Of the 1423 bytes that other implementations hold (npm spdy-transport 3.0.0).
  expect(createHash("sha256").update(spdyDictionary).digest("hex")).toBe(
    "51d27341373f923f3cd88e1eb7162aeaa3723d7585ff2399201dc06498407f02",
  );
});

test("headers of several frames are one compressed stream", async () => {
  const [writer, reader] = [new HeaderWriter(), new HeaderReader()];
  for (const headers of [new Map([["streamtype", "data"]]), new Map<string, string>(), new Map([["ä", "ö"]])])
    expect(await reader.read(await writer.write(headers))).toEqual(headers);
});

test("frames are found wherever their bytes are cut", () => {
  const bytes = Buffer.concat([controlFrame(CONTROL.ping, numbers(7)), dataFrame(3, Buffer.from("abc"), FIN)]);
  const reader = new FrameReader();
  const found: Frame[] = [];
  for (const byte of bytes) found.push(...reader.take(Uint8Array.of(byte)));
  expect(found).toEqual([
    { kind: "control", type: CONTROL.ping, flags: 0, payload: numbers(7) },
    { kind: "data", stream: 3, flags: FIN, payload: Buffer.from("abc") },
  ]);
});

test("a stream is accepted, pings come back, data goes both ways", async () => {
  const sent: Buffer[] = [];
  let closed = 0;
  const connection = new SpdyConnection({ write: (bytes) => sent.push(Buffer.from(bytes)), close: () => closed++ });
  const heard: string[] = [];
  const done = new Promise<void>((resolve) => {
    connection.onStream = (stream) => {
      heard.push(stream.headers.get("port") ?? "");
      stream.listen((bytes) => {
        heard.push(bytes?.toString() ?? "end");
        if (bytes) return;
        stream.write(Buffer.alloc(40_000, "x"));
        stream.end();
        resolve();
      });
    };
  });
  const block = await new HeaderWriter().write(new Map([["port", "80"]]));
  const head = Buffer.concat([numbers(1, 0), Buffer.alloc(2)]);
  connection.receive(controlFrame(CONTROL.ping, numbers(9)));
  connection.receive(controlFrame(CONTROL.synStream, Buffer.concat([head, block])));
  connection.receive(dataFrame(1, Buffer.from("hello"), FIN));
  await done;
  expect(heard).toEqual(["80", "hello", "end"]);
  const frames = [...new FrameReader().take(Buffer.concat(sent))];
  expect(frames.map((frame) => (frame.kind === "data" ? [frame.payload.length, frame.flags] : frame.type))).toEqual([
    CONTROL.ping,
    CONTROL.synReply,
    [32_768, 0],
    [7232, 0],
    [0, FIN],
  ]);
  connection.receive(controlFrame(CONTROL.goAway, numbers(1, 0)));
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toBe(1);
});
