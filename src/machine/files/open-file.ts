import type { Random } from "../../base/random.ts";
import { Errno, type OpenFile } from "../define.ts";
import type { Opener, OpenFlags } from "../define-files.ts";
import { wholeCharacters } from "../pipe.ts";
import { type Device, type Inode, releaseIfUnused, setText, textOf, writeAt } from "./inode.ts";

/** The descriptor of a file that was found and allowed. */
export function openInode(node: Inode, path: string, flags: OpenFlags): OpenFile {
  if (node.kind === "directory") return { kind: "directory", path, refs: 0 };
  if (node.kind === "socket") throw new Errno("ENXIO", path);
  if (node.fifo) return node.fifo.open(path, flags.read ?? false, flags.write ?? false);
  if (node.device !== undefined) return openDevice(node.device, path, flags, node.volume.kernel.random);
  return openRegular(node, path, flags);
}

function openRegular(node: Inode, path: string, flags: OpenFlags): OpenFile {
  if (flags.truncate && !node.live) setText(node, "");
  const shown = node.live?.();
  let at = 0;
  node.opens++;
  const close = () => {
    node.opens--;
    releaseIfUnused(node);
  };
  const read = (max: number) => {
    const text = shown ?? textOf(node);
    if (at >= text.length) return undefined;
    const end = at + max;
    const part = wholeCharacters(at === 0 && end >= text.length ? text : text.slice(at, end + 1), max);
    at += part.length;
    return part;
  };
  const write = (text: string) => {
    const from = flags.append ? textOf(node).length : at;
    writeAt(node, from, text);
    at = from + text.length;
    return text.length;
  };
  return { kind: "file", path, refs: 0, close, ...(flags.read && { read }), ...(flags.write && { write }) };
}

function openDevice(device: Device, path: string, flags: OpenFlags, random: Random): OpenFile {
  if (device === "tty") return openTerminal(flags.by);
  if (typeof device === "number") return sameAs(flags.by, device);
  const read = (max: number) => readDevice(device, max, random);
  const write = (text: string) => {
    if (device === "full") throw new Errno("ENOSPC");
    return text.length;
  };
  return { kind: "device", path, refs: 0, ...(flags.read && { read }), ...(flags.write && { write }) };
}

function readDevice(device: Device, max: number, random: Random): string | undefined {
  if (device === "null") return undefined;
  if (device !== "random") return "\0".repeat(max);
  const characters: number[] = [];
  for (let left = Math.min(max, 4096); left > 0; left--) {
    const byte = random.next32() & 255;
    characters.push(byte < 0x80 ? byte : 0xdc00 + byte);
  }
  return String.fromCharCode(...characters);
}

function openTerminal(by: Opener | undefined): OpenFile {
  if (!by?.terminal) throw new Errno("ENXIO", "/dev/tty");
  return by.terminal.open();
}

/** A second way to the same open file: /dev/fd/N duplicates the descriptor. */
function sameAs(by: Opener | undefined, fd: number): OpenFile {
  if (!by) throw new Errno("ENXIO");
  const original = by.fd(fd);
  original.refs++;
  const file: OpenFile = {
    ...original,
    refs: 0,
    close() {
      if (--original.refs === 0) original.close?.();
    },
  };
  return file;
}
