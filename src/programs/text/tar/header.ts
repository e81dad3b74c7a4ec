import { bytesOf, textOf } from "../../../base/text-bytes.ts";

/** A member of an archive. */
export interface Member {
  readonly name: string;
  readonly kind: "file" | "directory" | "link" | "hardlink";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly user: string;
  readonly group: string;
  /** Seconds since the epoch. */
  readonly modified: number;
  /** Where a link leads. */
  readonly target: string;
  readonly size: number;
}

export const BLOCK = 512;
const letters = { file: "0", hardlink: "1", link: "2", directory: "5" } as const;

/** The header of a member in the ustar form (with GNU's record for names that are too long), as text. */
export function headerOf(member: Member): string {
  const name = bytesOf(member.name);
  const target = bytesOf(member.target);
  let before = "";
  if (name.length > 100) before += longRecord("L", name);
  if (target.length > 100) before += longRecord("K", target);
  return (
    before +
    textOf(
      block(
        member,
        letters[member.kind],
        name.slice(0, 100),
        target.slice(0, 100),
        member.kind === "file" ? member.size : 0,
      ),
    )
  );
}

function longRecord(letter: string, text: Uint8Array): string {
  const member: Member = {
    name: "",
    kind: "file",
    mode: 0o644,
    uid: 0,
    gid: 0,
    user: "root",
    group: "root",
    modified: 0,
    target: "",
    size: 0,
  };
  const body = new Uint8Array(Math.ceil((text.length + 1) / BLOCK) * BLOCK);
  body.set(text);
  return textOf(block(member, letter, bytesOf("././@LongLink"), new Uint8Array(), text.length + 1)) + textOf(body);
}

function block(member: Member, letter: string, name: Uint8Array, target: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  const put = (text: string, at: number) => bytes.set(bytesOf(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  bytes.set(name);
  put(`${octal(member.mode, 7)}\0${octal(member.uid, 7)}\0${octal(member.gid, 7)}\0`, 100);
  put(`${octal(size, 11)}\0${octal(member.modified, 11)}\0        ${letter}`, 124);
  bytes.set(target, 157);
  put("ustar  \0", 257);
  put(member.user.slice(0, 31), 265);
  put(member.group.slice(0, 31), 297);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}

/** What stands in an archive: members with their contents. Throws "not an archive" as undefined. */
export function* membersOf(bytes: Uint8Array): Generator<Member & { readonly content: Uint8Array }, boolean> {
  let longName: string | undefined;
  let longTarget: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return true;
    if (!hasRightSum(header)) return false;
    const size = number(header, 124, 12);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const letter = String.fromCharCode(header[156] ?? 0);
    if (letter === "L" || letter === "K") {
      const text = field(content, 0, content.length);
      if (letter === "L") longName = text;
      else longTarget = text;
      continue;
    }
    if (letter === "x" || letter === "g") {
      const records = paxRecords(content);
      if (letter === "x") {
        longName = records.get("path") ?? longName;
        longTarget = records.get("linkpath") ?? longTarget;
      }
      continue;
    }
    const prefix = field(header, 257, 6).startsWith("ustar") && header[263] === 0x30 ? field(header, 345, 155) : "";
    const name = longName ?? (prefix === "" ? field(header, 0, 100) : `${prefix}/${field(header, 0, 100)}`);
    const kind =
      letter === "5" || (letter === "0" && name.endsWith("/"))
        ? "directory"
        : letter === "2"
          ? "link"
          : letter === "1"
            ? "hardlink"
            : "file";
    yield {
      name,
      kind,
      content,
      size: kind === "file" ? size : 0,
      mode: number(header, 100, 8) & 0o7777,
      uid: number(header, 108, 8),
      gid: number(header, 116, 8),
      modified: number(header, 136, 12),
      target: longTarget ?? field(header, 157, 100),
      user: field(header, 265, 32),
      group: field(header, 297, 32),
    };
    longName = undefined;
    longTarget = undefined;
  }
  return bytes.length === 0;
}

function field(bytes: Uint8Array, at: number, length: number): string {
  const part = bytes.subarray(at, at + length);
  const end = part.indexOf(0);
  return textOf(end < 0 ? part : part.subarray(0, end));
}

function number(header: Uint8Array, at: number, length: number): number {
  return Number.parseInt(field(header, at, length).trim() || "0", 8) || 0;
}

function hasRightSum(header: Uint8Array): boolean {
  let sum = 0;
  header.forEach((byte, at) => {
    sum += at >= 148 && at < 156 ? 32 : byte;
  });
  return sum === number(header, 148, 8);
}

/** "30 path=some/name\n" */
function paxRecords(content: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length; ) {
    const length = Number.parseInt(textOf(content.subarray(at, at + 12)), 10);
    if (!(length > 0)) break;
    const [, key = "", value = ""] = /^\d+ ([^=]*)=([\s\S]*)\n$/.exec(textOf(content.subarray(at, at + length))) ?? [];
    records.set(key, value);
    at += length;
  }
  return records;
}
