/** Varints are bigint, doubles numbers, everything with a length bytes. */
export type WireValue = bigint | number | Uint8Array;
/** The values of a message by field number, in their order. */
export type Message = ReadonlyMap<number, readonly WireValue[]>;

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/** Takes a protobuf message apart; `packed` reads bare varints, which are given as field 0. */
export function readMessage(bytes: Uint8Array, packed = false): Message {
  const reader = { bytes, at: 0 };
  const message = new Map<number, WireValue[]>();
  while (reader.at < bytes.length) {
    const tag = packed ? 0 : Number(readVarint(reader));
    const value = readValue(reader, tag & 7);
    const values = message.get(tag >>> 3);
    if (values) values.push(value);
    else message.set(tag >>> 3, [value]);
  }
  return message;
}

function readValue(reader: Reader, wireType: number): WireValue {
  if (wireType === 0) return readVarint(reader);
  if (wireType === 1) return new DataView(take(reader, 8).slice().buffer).getFloat64(0, true);
  if (wireType === 2) return take(reader, Number(readVarint(reader)));
  if (wireType === 5) return new DataView(take(reader, 4).slice().buffer).getFloat32(0, true);
  throw new RangeError(`proto: illegal wireType ${wireType}`);
}

function readVarint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new RangeError("unexpected EOF");
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
    if (shift > 63n) throw new RangeError("proto: integer overflow");
  }
}

function take(reader: Reader, length: number): Uint8Array {
  const end = reader.at + length;
  if (end > reader.bytes.length) throw new RangeError("unexpected EOF");
  const part = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return part;
}
