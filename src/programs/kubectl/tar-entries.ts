import { bytesOf, textOf } from "../../base/text-bytes.ts";

/** A file or folder in a tar archive; texts hold bytes as base/text-bytes.ts says. */
export interface TarEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly mode: number;
  readonly text: string;
  /** What a symbolic link leads to. */
  readonly link?: string | undefined;
}

const BLOCK = 512;

/** An archive of entries as POSIX ustar, as kubectl cp sends it. Names of more than 100 bytes go into the prefix. */
export function tarOf(entries: readonly TarEntry[]): string {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const content = bytesOf(entry.text);
    parts.push(header(entry, content.length), content, new Uint8Array(padding(content.length)));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return parts.map(textOf).join("");
}

const padding = (size: number) => (BLOCK - (size % BLOCK)) % BLOCK;

function header({ name, isFolder, mode, link }: TarEntry, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(bytesOf(text), at);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, "0")}\0`;
  const full = isFolder && !name.endsWith("/") ? `${name}/` : name;
  const cut = full.length > 100 ? full.indexOf("/", full.length - 101) : -1;
  put(0, cut < 0 ? full.slice(0, 100) : full.slice(cut + 1));
  put(100, octal(mode, 8));
  put(108, octal(0, 8));
  put(116, octal(0, 8));
  put(124, octal(size, 12));
  put(136, octal(0, 12));
  put(148, "        ");
  put(156, link !== undefined ? "2" : isFolder ? "5" : "0");
  if (link !== undefined) put(157, link.slice(0, 100));
  put(257, "ustar\u000000");
  if (cut >= 0) put(345, full.slice(0, cut));
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return block;
}

/** Whether an archive has come to its end: two blocks of zeros. */
export function isWholeArchive(archive: string): boolean {
  return archive.length >= 2 * BLOCK && archive.length % BLOCK === 0 && /\0{1024}$/.test(archive);
}

/** The files, folders and symbolic links of an archive; what else it holds is left out. */
export function* entriesOf(archive: string): Generator<TarEntry> {
  const bytes = bytesOf(archive);
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block[0] === 0) return;
    const size = numberAt(block, 124, 12);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + size + padding(size);
    const type = String.fromCharCode(block[156] ?? 0);
    if (type === "L") {
      longName = textOf(content).replace(/\0+$/, "");
      continue;
    }
    const prefix = textAt(block, 257, 6).startsWith("ustar") ? textAt(block, 345, 155) : "";
    const name = longName ?? (prefix === "" ? textAt(block, 0, 100) : `${prefix}/${textAt(block, 0, 100)}`);
    longName = undefined;
    const mode = numberAt(block, 100, 8);
    if (type === "2") yield { name, isFolder: false, mode, text: "", link: textAt(block, 157, 100) };
    else if (type === "5") yield { name, isFolder: true, mode, text: "" };
    else if (type === "0" || type === "\0") yield { name, isFolder: false, mode, text: textOf(content) };
  }
}

function textAt(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return textOf(end < 0 ? field : field.subarray(0, end));
}

function numberAt(block: Uint8Array, at: number, length: number): number {
  return Number.parseInt(textAt(block, at, length).trim() || "0", 8);
}
