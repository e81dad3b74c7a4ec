import { CONTROL, controlFrame, dataFrame, FIN, type Frame, FrameReader, numbers } from "../spdy/frames.ts";
import { HeaderReader, type Headers, HeaderWriter } from "../spdy/header-block.ts";

/** The largest data frame that is sent. */
const LARGEST = 32 * 1024;

/** A stream that was opened here. */
export interface ClientStream {
  write(bytes: Uint8Array): void;
  /** No more will be written. */
  end(): void;
}

/** The client's side of a SPDY/3.1 connection: it opens streams, the server answers on them. */
export class SpdyClient {
  /** Called once, when either side has closed it. */
  onClose: () => void = () => {};
  private readonly carrier: { write(bytes: Uint8Array): void; close(): void };
  private readonly frames = new FrameReader();
  private readonly reader = new HeaderReader();
  private readonly writer = new HeaderWriter();
  private readonly takers = new Map<number, (bytes: Buffer | undefined) => void>();
  /** The headers of all frames of a direction are one compressed stream: one after the other. */
  private reading: Promise<void> = Promise.resolve();
  private writing: Promise<void> = Promise.resolve();
  private next = 1;
  private closed = false;

  constructor(carrier: { write(bytes: Uint8Array): void; close(): void }) {
    this.carrier = carrier;
  }

  /** Opens a stream; `take` gets what comes, and undefined at its end. */
  open(headers: Headers, take: (bytes: Buffer | undefined) => void): ClientStream {
    const id = this.next;
    this.next += 2;
    this.takers.set(id, take);
    this.later(async () => {
      const block = await this.writer.write(headers);
      this.send(controlFrame(CONTROL.synStream, Buffer.concat([numbers(id, 0), Buffer.alloc(2), block])));
    });
    return {
      write: (bytes) =>
        this.later(() => {
          for (let at = 0; at < bytes.length; at += LARGEST) this.send(dataFrame(id, bytes.subarray(at, at + LARGEST)));
        }),
      end: () => this.later(() => this.send(dataFrame(id, Buffer.alloc(0), FIN))),
    };
  }

  /** Bytes from the server. */
  receive(bytes: Uint8Array): void {
    for (const frame of this.frames.take(bytes))
      this.reading = this.reading.then(() => this.handle(frame)).catch(() => this.close());
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.carrier.close();
    for (const take of this.takers.values()) take(undefined);
    this.onClose();
  }

  private later(work: () => void | Promise<void>): void {
    this.writing = this.writing.then(work).catch(() => this.close());
  }

  private send(frame: Buffer): void {
    if (!this.closed) this.carrier.write(frame);
  }

  private async handle(frame: Frame): Promise<void> {
    if (frame.kind === "data") {
      const take = this.takers.get(frame.stream);
      if (frame.payload.length > 0) take?.(frame.payload);
      if (frame.flags & FIN) this.over(frame.stream);
      return;
    }
    const { payload } = frame;
    if (frame.type === CONTROL.synReply || frame.type === CONTROL.headers) {
      await this.reader.read(payload.subarray(4));
      if (frame.flags & FIN) this.over(payload.readUInt32BE(0));
    } else if (frame.type === CONTROL.rstStream) this.over(payload.readUInt32BE(0));
    else if (frame.type === CONTROL.ping) this.send(controlFrame(CONTROL.ping, payload));
    else if (frame.type === CONTROL.goAway) this.close();
  }

  private over(id: number): void {
    const take = this.takers.get(id);
    this.takers.delete(id);
    take?.(undefined);
  }
}
