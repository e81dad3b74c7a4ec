import { Errno } from "../../machine/define.ts";
import type { Stat } from "../../machine/define-files.ts";
import { type Call, tool } from "./define.ts";

/** file: guesses from its first bytes what a file is: only the kinds that a cluster's hosts hold. */
export const file = tool({
  name: "file",
  from: "5.44",
  usage: "[OPTION...] [FILE...]",
  options: "b,brief L,dereference i,mime s h",
  misused: () => "Usage: file [OPTION...] [FILE...]",
  *run(call) {
    if (call.operands.length === 0) throw call.misuse("missing operand");
    const width = Math.max(...call.operands.map((name) => name.length)) + 2;
    for (const name of call.operands)
      call.out.put(`${call.has("b") ? "" : `${name}:`.padEnd(width)}${describe(call, name)}\n`);
    return undefined;
  },
});

function describe(call: Call, name: string): string {
  const path = call.path(name);
  try {
    const stat = call.files.stat(path, call.who, { follow: call.has("L") });
    if (stat.kind === "link") {
      const to = call.files.readlink(path, call.who);
      return `${call.files.find(path, call.who) ? "" : "broken "}symbolic link to ${to}`;
    }
    return stat.kind === "file" ? contents(call, path, stat) : other(stat);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "EACCES") return "regular file, no read permission";
    return `cannot open \`${name}' (${error.message})`;
  }
}

function other(stat: Stat): string {
  if (stat.kind === "directory") return stat.mode & 0o1000 ? "sticky, directory" : "directory";
  return stat.kind === "device" ? "character special" : stat.kind === "fifo" ? "fifo (named pipe)" : "socket";
}

const shells: Readonly<Record<string, string>> = { bash: "Bourne-Again shell", sh: "POSIX shell", dash: "POSIX shell" };

function contents(call: Call, path: string, stat: Stat): string {
  if (stat.size === 0) return "empty";
  const text = call.files.read(path, call.who).slice(0, 65_536);
  if (text.startsWith("\x7fELF"))
    return "ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, stripped";
  if (text.startsWith("\x1f\udc8b")) return "gzip compressed data";
  if (text.slice(257, 262) === "ustar") return "POSIX tar archive";
  if (text.startsWith("-----BEGIN CERTIFICATE-----")) return "PEM certificate";
  if (/^-----BEGIN (RSA |EC )?PRIVATE KEY-----/.test(text))
    return text.includes("RSA")
      ? "PEM RSA private key"
      : text.includes("EC ")
        ? "PEM EC private key"
        : "OpenSSH private key";
  const encoding = encodingOf(text);
  const script = /^#! *(\S+)(?: +(\S+))?/.exec(text);
  if (script) {
    const interpreter = (script[1]?.endsWith("/env") ? script[2] : script[1])?.split("/").at(-1) ?? "";
    return `${shells[interpreter] ?? `a ${script[1]}${script[2] ? ` ${script[2]}` : ""}`} script, ${encoding === "data" ? "data" : `${encoding} executable`}`;
  }
  if (/^\s*[[{]/.test(text) && isJson(text)) return "JSON text data";
  return encoding;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function encodingOf(text: string): string {
  if (/[\x00-\x06\x0e-\x1a\x1c-\x1f\udc80-\udcff]/.test(text)) return "data";
  const name = /[^\x00-\x7f]/.test(text) ? "Unicode text, UTF-8 text" : "ASCII text";
  const ends = /\r\n/.test(text)
    ? ", with CRLF line terminators"
    : text.includes("\n")
      ? ""
      : ", with no line terminators";
  return name + ends;
}
