/** The types of control frames (SPDY protocol, draft 3.1, section 2.6). */
export const CONTROL = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

export const FIN = 1;

export type Frame =
  | { readonly kind: "data"; readonly stream: number; readonly flags: number; readonly payload: Buffer }
  | { readonly kind: "control"; readonly type: number; readonly flags: number; readonly payload: Buffer };

/** Puts the frames of a connection together, wherever its bytes are cut. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  /** The frames that `bytes` completes. */
  *take(bytes: Uint8Array): Generator<Frame> {
    this.rest = Buffer.concat([this.rest, bytes]);
    while (this.rest.length >= 8) {
      const length = this.rest.readUIntBE(5, 3);
      if (this.rest.length < 8 + length) return;
      const head = this.rest.readUInt32BE(0);
      const flags = this.rest[4] ?? 0;
      const payload = this.rest.subarray(8, 8 + length);
      this.rest = this.rest.subarray(8 + length);
      if (head >= 0x80000000) yield { kind: "control", type: head & 0xffff, flags, payload };
      else yield { kind: "data", stream: head, flags, payload };
    }
  }
}

export function dataFrame(stream: number, payload: Uint8Array, flags = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(stream, 0);
  head[4] = flags;
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

export function controlFrame(type: number, payload: Uint8Array, flags = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE((0x80030000 | type) >>> 0, 0);
  head[4] = flags;
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

/** Numbers of four bytes, one after the other. */
export function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}
