import type { ReadStream, WriteStream } from "node:tty";
import type { TypedKey } from "./line/keys.ts";

export type TerminalInput = Pick<ReadStream, "on" | "off" | "pause" | "resume" | "isTTY"> & {
  setRawMode?(raw: boolean): unknown;
};
export type TerminalOutput = Pick<WriteStream, "write" | "on" | "off" | "columns" | "rows" | "isTTY">;

/** What takes all keys for a while: an Ink screen. */
export interface Overlay {
  key(key: TypedKey): void;
  /** Ends it from outside: time is over. */
  close(): void;
}
