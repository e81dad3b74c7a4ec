import { SECOND } from "../../base/clock.ts";
import { bytesOf, textOf } from "../../base/text-bytes.ts";
import { Errno, type OpenFile, type Task } from "../../machine/define.ts";
import { allocate } from "../../machine/memory.ts";
import { openPath } from "../../machine/open-path.ts";
import { type Call, Fail, tool } from "./define.ts";
import { quoteAlways } from "./shared/quote.ts";
import { parseSize } from "./shared/size.ts";

/** What a disk takes in, in bytes per microsecond. */
const DISK_SPEED = 600;

interface Copied {
  in: number;
  inPart: number;
  out: number;
  outPart: number;
  bytes: number;
}

/** dd: copies in blocks (coreutils 9.1): if, of, bs, ibs, obs, count, skip, seek, conv=notrunc and status. */
export const dd = tool({
  name: "dd",
  usage: "[OPERAND]...",
  *run(call) {
    const operands = new Map<string, string>();
    for (const word of call.operands) {
      const [, name, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
      if (name === undefined || value === undefined || !known.has(name))
        throw call.misuse(`unrecognized operand ${quoteAlways(word)}`);
      operands.set(name, value);
    }
    const size = (name: string, usual: number) => {
      const text = operands.get(name);
      const parsed = text === undefined ? usual : sizeOf(text);
      if (parsed === undefined) throw new Fail(`invalid number: ${quoteAlways(text ?? "")}`);
      return parsed;
    };
    const block = size("bs", size("ibs", 512));
    if (block === 0) throw new Fail("invalid number: ‘0’");
    const count = operands.has("count") ? size("count", 0) : Number.POSITIVE_INFINITY;
    const started = call.proc.machine.kernel.clock.now;
    try {
      yield* allocate(call.proc, block);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`memory exhausted by input buffer of size ${block} bytes`);
    }
    const copied: Copied = { in: 0, inPart: 0, out: 0, outPart: 0, bytes: 0 };
    const problem = yield* copy(call, operands, { block, count, skip: size("skip", 0), seek: size("seek", 0) }, copied);
    if (problem !== undefined) yield* call.warn(problem);
    const level = operands.get("status");
    if (level === "none") return undefined;
    const seconds = (call.proc.machine.kernel.clock.now - started) / SECOND;
    const records = `${copied.in}+${copied.inPart} records in\n${copied.out}+${copied.outPart} records out\n`;
    yield* call.proc.write(2, level === "noxfer" ? records : `${records}${summary(copied.bytes, seconds)}\n`);
    return undefined;
  },
});

const known = new Set("if of bs ibs obs cbs count skip seek conv iflag oflag status".split(" "));

/** 1M, 512, 4x1k; w is two bytes. */
function sizeOf(text: string): number | undefined {
  let product = 1;
  for (const part of text.split("x")) {
    const size = part.endsWith("w") ? Number(part.slice(0, -1)) * 2 : parseSize(part);
    if (size === undefined || Number.isNaN(size)) return undefined;
    product *= size;
  }
  return product;
}

interface Amounts {
  readonly block: number;
  readonly count: number;
  readonly skip: number;
  readonly seek: number;
}

/** Copies; gives what went wrong in the end. */
function* copy(
  call: Call,
  operands: ReadonlyMap<string, string>,
  amounts: Amounts,
  copied: Copied,
): Task<string | undefined> {
  const { block, count, skip, seek } = amounts;
  const [from, to] = [operands.get("if"), operands.get("of")];
  const keeps = /notrunc/.test(operands.get("conv") ?? "") || /append/.test(operands.get("oflag") ?? "");
  const target = to === undefined ? undefined : call.path(to);
  const input = opened(call, from, { read: true }, 0);
  const output = opened(
    call,
    to,
    { write: true, create: true, truncate: !keeps && seek === 0, append: keeps && seek === 0 },
    1,
  );
  const blank = from !== undefined && call.files.realpath(call.path(from), call.who) === "/dev/zero";
  const isFile = target !== undefined && call.files.find(target, call.who)?.kind === "file";
  try {
    if (isFile && target !== undefined && seek > 0) makeRoom(call, target, seek * block, keeps);
    if (blank && (isFile || output.kind === "device"))
      return yield* zeros(call, isFile ? target : undefined, to, block, count, copied);
    for (let left = skip; left > 0; left--) if ((yield* take(call, input, block)) === undefined) break;
    for (let n = 0; n < count; n++) {
      const text = yield* take(call, input, block);
      if (text === undefined) break;
      const { length } = bytesOf(text);
      if (length === block) copied.in++;
      else copied.inPart++;
      yield* put(
        call,
        isFile && seek > 0 ? call.files.open(target ?? "", call.who, { write: true, append: true }) : output,
        text,
      );
      if (length === block) copied.out++;
      else copied.outPart++;
      copied.bytes += length;
      yield* call.proc.step(Math.ceil(length / DISK_SPEED));
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return `error writing ${quoteAlways(to ?? "standard output")}: ${error.message}`;
  } finally {
    if (from !== undefined) input.close?.();
    if (to !== undefined) output.close?.();
  }
}

function makeRoom(call: Call, path: string, start: number, keeps: boolean): void {
  const { size } = call.files.stat(path, call.who);
  if (size > start && !keeps)
    call.files.write(path, textOf(bytesOf(call.files.read(path, call.who)).slice(0, start)), call.who);
  else if (size < start) call.files.extend(path, start - size, call.who);
}

function opened(
  call: Call,
  name: string | undefined,
  flags: { read?: boolean; write?: boolean; create?: boolean; truncate?: boolean; append?: boolean },
  fd: number,
): OpenFile {
  if (name === undefined) return call.proc.fd(fd);
  try {
    const file = openPath(call.proc, name, flags);
    file.refs++;
    return file;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new Fail(`failed to open ${quoteAlways(name)}: ${error.message}`);
  }
}

/** Zeros onto a disk (or into nothing) need no text. */
function* zeros(
  call: Call,
  path: string | undefined,
  name: string | undefined,
  block: number,
  count: number,
  copied: Copied,
): Task<string | undefined> {
  for (let n = 0; n < count; n++) {
    const written = path === undefined ? block : call.files.extend(path, block, call.who);
    copied.in++;
    copied.bytes += written;
    if (written < block) {
      if (written > 0) copied.outPart++;
      return `error writing ${quoteAlways(name ?? "")}: ${new Errno("ENOSPC").message}`;
    }
    copied.out++;
    yield* call.proc.step(Math.ceil(block / (path === undefined ? 8 * DISK_SPEED : DISK_SPEED)));
  }
  return undefined;
}

/** One block, or less where a pipe has no more at the moment. */
function* take(call: Call, file: OpenFile, block: number): Task<string | undefined> {
  for (;;) {
    const got = file.read?.(Math.min(block, 1 << 20));
    if (got === undefined || typeof got === "string") return got;
    yield* call.proc.wait({ on: [got] });
  }
}

function* put(call: Call, file: OpenFile, text: string): Task {
  for (let rest = text; rest !== ""; ) {
    const taken = file.write?.(rest) ?? rest.length;
    if (typeof taken === "number") rest = rest.slice(taken);
    else yield* call.proc.wait({ on: [taken] });
  }
}

/** 10485760 bytes (10 MB, 10 MiB) copied, 0.0123 s, 852 MB/s. */
function summary(bytes: number, seconds: number): string {
  const plain = bytes === 1 ? "1 byte" : `${bytes} bytes`;
  const decimal = human(bytes, 1000, "");
  const binary = human(bytes, 1024, "i");
  const both = bytes < 1000 ? "" : bytes < 1024 ? ` (${decimal})` : ` (${decimal}, ${binary})`;
  const rate = seconds === 0 ? "Infinity B/s" : `${human(bytes / seconds, 1000, "")}/s`;
  return `${plain}${both} copied, ${Number(seconds.toPrecision(6))} s, ${rate}`;
}

function human(amount: number, base: number, middle: string): string {
  const units = ["", base === 1000 ? "k" : "K", "M", "G", "T"];
  let power = 0;
  let value = amount;
  for (; value >= base && power < 4; power++) value /= base;
  const shown = power === 0 || value >= 10 ? Math.round(value) : value.toFixed(1);
  return `${shown} ${units[power]}${power > 0 ? middle : ""}B`;
}
