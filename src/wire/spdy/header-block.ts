import { constants, createDeflate, createInflate } from "node:zlib";
import { spdyDictionary } from "./dictionary.ts";

export type Headers = ReadonlyMap<string, string>;

/** The headers of one direction of a connection: one zlib stream from the first frame to the last. */
export class HeaderReader {
  private readonly inflate = createInflate({ dictionary: spdyDictionary });

  /** The headers of a block; blocks must be given in the order in which they came, one after the other. */
  read(block: Buffer): Promise<Headers> {
    const { inflate } = this;
    return new Promise((resolve, reject) => {
      inflate.once("error", reject);
      inflate.write(block, () => {
        inflate.off("error", reject);
        resolve(headersIn((inflate.read() as Buffer | null) ?? Buffer.alloc(0)));
      });
    });
  }
}

export class HeaderWriter {
  private readonly deflate = createDeflate({ dictionary: spdyDictionary });

  /** The block of headers; one must be done before the next begins. */
  write(headers: Headers): Promise<Buffer> {
    const { deflate } = this;
    return new Promise((resolve) => {
      deflate.write(blockOf(headers));
      deflate.flush(constants.Z_SYNC_FLUSH, () => resolve((deflate.read() as Buffer | null) ?? Buffer.alloc(0)));
    });
  }
}

/** Names are in lower case; several values of a name stand between zero bytes, of which the first counts. */
function headersIn(block: Buffer): Headers {
  const headers = new Map<string, string>();
  let at = 0;
  const text = (): string => {
    const length = block.readUInt32BE(at);
    at += 4 + length;
    return block.toString("utf8", at - length, at);
  };
  if (block.length < 4) return headers;
  at = 4;
  for (let left = block.readUInt32BE(0); left > 0; left--) {
    const name = text();
    headers.set(name, text().split("\0")[0] ?? "");
  }
  return headers;
}

function blockOf(headers: Headers): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const parts = [number(headers.size)];
  for (const pair of headers) for (const text of pair) parts.push(number(Buffer.byteLength(text)), Buffer.from(text));
  return Buffer.concat(parts);
}
