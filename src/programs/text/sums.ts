import { bytesOf } from "../../base/text-bytes.ts";
import { Errno, type Program, type Task } from "../../machine/define.ts";
import { type Call, tool } from "./define.ts";
import { md5, sha1, sha256 } from "./shared/digest.ts";
import { quoteName } from "./shared/quote.ts";

/** md5sum. */
export const md5sum = sumProgram("md5sum", md5, 32);
/** sha1sum. */
export const sha1sum = sumProgram("sha1sum", sha1, 40);
/** sha256sum. */
export const sha256sum = sumProgram("sha256sum", sha256, 64);

function sumProgram(name: string, digest: (bytes: Uint8Array) => string, length: number): Program {
  return tool({
    name,
    usage: "[OPTION]... [FILE]...",
    options: "b,binary c,check tag t,text z,zero ignore-missing q,quiet status strict w,warn",
    *run(call) {
      if (call.has("c")) return yield* check(call, digest, length);
      yield* call.eachFile(call.operands, function* (input, file) {
        const sum = digest(bytesOf(yield* input.rest()));
        const mode = call.last("b", "t") === "b" ? "*" : " ";
        const line = call.has("tag")
          ? `${name.replace("sum", "").toUpperCase()} (${file}) = ${sum}`
          : `${sum} ${mode}${file}`;
        call.out.put(line + (call.has("z") ? "\0" : "\n"));
      });
      return undefined;
    },
  });
}

function* check(call: Call, digest: (bytes: Uint8Array) => string, length: number): Task<number> {
  let [wrong, missing, malformed, good] = [0, 0, 0, 0];
  const quiet = call.has("status");
  yield* call.eachFile(call.operands, function* (input, list) {
    for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
      const [, sum, name] = /^([0-9a-fA-F]+) [ *](.+)$/.exec(line) ?? [];
      if (sum?.length !== length || name === undefined) {
        if (line !== "" && !line.startsWith("#")) malformed++;
        continue;
      }
      const found = yield* digestOf(call, name, digest);
      if (found === undefined) {
        if (call.has("ignore-missing")) continue;
        missing++;
        if (!quiet) call.out.put(`${name}: FAILED open or read\n`);
      } else if (found === sum.toLowerCase()) {
        good++;
        if (!quiet && !call.has("q")) call.out.put(`${name}: OK\n`);
      } else {
        wrong++;
        if (!quiet) call.out.put(`${name}: FAILED\n`);
      }
    }
    if (good + wrong + missing === 0)
      yield* call.warn(
        `${list === "-" ? "'standard input'" : quoteName(list)}: no properly formatted checksum lines found`,
      );
    else if (!quiet) yield* summarize(call, malformed, missing, wrong);
  });
  return call.status > 0 || wrong > 0 || missing > 0 ? 1 : 0;
}

function* summarize(call: Call, malformed: number, missing: number, wrong: number): Task {
  const warn = (count: number, one: string, many: string) =>
    call.warn(`WARNING: ${count} ${count === 1 ? one : many}`, 0);
  if (malformed > 0) yield* warn(malformed, "line is improperly formatted", "lines are improperly formatted");
  if (missing > 0) yield* warn(missing, "listed file could not be read", "listed files could not be read");
  if (wrong > 0) yield* warn(wrong, "computed checksum did NOT match", "computed checksums did NOT match");
}

function* digestOf(call: Call, name: string, digest: (bytes: Uint8Array) => string): Task<string | undefined> {
  try {
    const input = call.open(name);
    const sum = digest(bytesOf(yield* input.rest()));
    input.close();
    return sum;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (!call.has("ignore-missing")) yield* call.warn(`${quoteName(name)}: ${error.message}`);
    return undefined;
  }
}
