import { CONTROL, controlFrame, dataFrame, FIN, type Frame, FrameReader, numbers } from "./frames.ts";
import { HeaderReader, type Headers, HeaderWriter } from "./header-block.ts";

/** What carries the bytes of a SPDY connection: a socket, or a WebSocket's messages. */
export interface Carrier {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** The largest data frame that is sent. */
const LARGEST = 32 * 1024;

/** A stream that the client has opened. */
export class SpdyStream {
  readonly id: number;
  readonly headers: Headers;
  private readonly connection: SpdyConnection;
  private kept: (Buffer | undefined)[] = [];
  private ended = false;

  constructor(connection: SpdyConnection, id: number, headers: Headers) {
    this.connection = connection;
    this.id = id;
    this.headers = headers;
  }

  /** Hands out data, what came before first, and undefined at the client's end. */
  listen(onData: (bytes: Buffer | undefined) => void): void {
    const { kept } = this;
    this.kept = [];
    for (const bytes of kept) onData(bytes);
    this.take = onData;
  }

  /** Data that came from the client. */
  take: (bytes: Buffer | undefined) => void = (bytes) => {
    this.kept.push(bytes);
  };

  write(bytes: Uint8Array): void {
    if (this.ended) return;
    for (let at = 0; at < bytes.length; at += LARGEST)
      this.connection.send(dataFrame(this.id, bytes.subarray(at, at + LARGEST)));
  }

  /** No more will be written. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.connection.send(dataFrame(this.id, Buffer.alloc(0), FIN));
  }
}

/** The server's side of a SPDY/3.1 connection. There is no flow control: the clients of Kubernetes have none either. */
export class SpdyConnection {
  /** Called for each stream of the client, already accepted. */
  onStream: (stream: SpdyStream) => void = () => {};
  /** Called once, when either side has closed it. */
  onClose: () => void = () => {};
  private readonly carrier: Carrier;
  private readonly frames = new FrameReader();
  private readonly reader = new HeaderReader();
  private readonly writer = new HeaderWriter();
  private readonly streams = new Map<number, SpdyStream>();
  /** Frames are worked off one after the other: the headers of all are one compressed stream. */
  private queue: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(carrier: Carrier) {
    this.carrier = carrier;
  }

  /** Bytes from the client. */
  receive(bytes: Uint8Array): void {
    for (const frame of this.frames.take(bytes))
      this.queue = this.queue.then(() => this.handle(frame)).catch(() => this.close());
  }

  send(frame: Buffer): void {
    if (!this.closed) this.carrier.write(frame);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.carrier.close();
    this.onClose();
  }

  private async handle(frame: Frame): Promise<void> {
    if (this.closed) return;
    if (frame.kind === "data") {
      const stream = this.streams.get(frame.stream);
      if (frame.payload.length > 0) stream?.take(frame.payload);
      if (frame.flags & FIN) stream?.take(undefined);
      return;
    }
    const { payload } = frame;
    switch (frame.type) {
      case CONTROL.synStream:
        await this.opened(payload, frame.flags);
        break;
      case CONTROL.headers:
        await this.reader.read(payload.subarray(4));
        break;
      case CONTROL.rstStream: {
        const id = payload.readUInt32BE(0);
        this.streams.get(id)?.take(undefined);
        this.streams.delete(id);
        break;
      }
      case CONTROL.ping:
        this.send(controlFrame(CONTROL.ping, payload));
        break;
      case CONTROL.goAway:
        this.close();
        break;
    }
  }

  private async opened(payload: Buffer, flags: number): Promise<void> {
    const id = payload.readUInt32BE(0) & 0x7fffffff;
    const stream = new SpdyStream(this, id, await this.reader.read(payload.subarray(10)));
    this.streams.set(id, stream);
    const headers = await this.writer.write(new Map());
    this.send(controlFrame(CONTROL.synReply, Buffer.concat([numbers(id), headers])));
    if (flags & FIN) stream.take(undefined);
    this.onStream(stream);
  }
}
