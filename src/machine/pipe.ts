import { WaitQueue } from "../base/wait-queue.ts";
import { Errno, type OpenFile } from "./define.ts";

/** Linux' default size of a pipe (pipe(7)), here in characters. */
const CAPACITY = 65_536;
const PIECE = 4096;

/** A pipe: what is written at one end is read at the other; a full pipe makes the writer wait, an empty one the reader. */
export function pipe(): { reader: OpenFile; writer: OpenFile } {
  const chunks: string[] = [];
  let size = 0;
  let readers = true;
  let writers = true;
  const readable = new WaitQueue();
  const writable = new WaitQueue();
  const reader: OpenFile = {
    kind: "pipe",
    refs: 0,
    read(max) {
      const chunk = chunks[0];
      if (chunk === undefined) return writers ? readable : undefined;
      const text = chunk.length <= max ? chunk : wholeCharacters(chunk, max);
      if (text.length === chunk.length) chunks.shift();
      else chunks[0] = chunk.slice(text.length);
      size -= text.length;
      // A writer that waited goes on when half is free, not after every character.
      if (size <= CAPACITY / 2) writable.wake();
      return text;
    },
    close() {
      readers = false;
      writable.wake();
    },
  };
  const writer: OpenFile = {
    kind: "pipe",
    refs: 0,
    write(text) {
      if (!readers) throw new Errno("EPIPE");
      if (text === "") return 0;
      if (size >= CAPACITY) return writable;
      const taken = text.length <= CAPACITY - size ? text : wholeCharacters(text, CAPACITY - size);
      const last = chunks.length - 1;
      // Small pieces are joined, so that many of them cost no more than one.
      if (last >= 0 && (chunks[last] as string).length < PIECE) chunks[last] += taken;
      else chunks.push(taken);
      size += taken.length;
      readable.wake();
      return taken.length;
    },
    close() {
      writers = false;
      readable.wake();
    },
  };
  return { reader, writer };
}

/** The first `max` characters of `text`, or one more where the cut would part a surrogate pair. */
export function wholeCharacters(text: string, max: number): string {
  const cutsPair = (text.codePointAt(max - 1) ?? 0) > 0xffff;
  return text.slice(0, cutsPair ? max + 1 : max);
}
