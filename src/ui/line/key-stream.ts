import { StringDecoder } from "node:string_decoder";
import { KeyReader, type TypedKey } from "./keys.ts";

/** How long an ESC waits for the rest of a sequence, in milliseconds. */
const ESCAPE_WAIT = 40;

/** Makes keys of a keyboard's bytes, however they are cut into chunks. */
export class KeyStream {
  private readonly decoder = new StringDecoder("utf8");
  private readonly reader = new KeyReader();
  private readonly take: (keys: readonly TypedKey[]) => void;
  private timer: NodeJS.Timeout | undefined;

  constructor(take: (keys: readonly TypedKey[]) => void) {
    this.take = take;
  }

  feed(chunk: Buffer): void {
    this.stop();
    this.take(this.reader.read(this.decoder.write(chunk)));
    if (this.reader.waiting) this.timer = setTimeout(() => this.take(this.reader.flush()), ESCAPE_WAIT);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
