import { base64Of } from "../../base/base64.ts";
import { bytesOf, textOf } from "../../base/text-bytes.ts";
import type { Task } from "../../machine/define.ts";
import { type Call, Fail, tool } from "./define.ts";
import type { Input } from "./shared/input.ts";
import { quote } from "./shared/quote.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** base64: encodes and decodes. */
export const base64 = tool({
  name: "base64",
  usage: "[OPTION]... [FILE]",
  options: "d,decode i,ignore-garbage w,wrap=",
  *run(call) {
    const [name = "-", extra] = call.operands;
    if (extra !== undefined) throw call.misuse(`extra operand ${quote(extra)}`);
    const wrap = call.value("w") ?? "76";
    if (!/^\d+$/.test(wrap)) throw new Fail(`invalid wrap size: ${quote(wrap)}`);
    yield* call.eachFile([name], (input) => (call.has("d") ? decode(call, input) : encode(call, input, Number(wrap))));
    return undefined;
  },
});

function* encode(call: Call, input: Input, wrap: number): Task {
  let left: number[] = [];
  let column = 0;
  const put = (text: string) => {
    if (wrap === 0) return call.out.put(text);
    for (let at = 0; at < text.length; ) {
      const part = text.slice(at, at + wrap - column);
      call.out.put(part);
      at += part.length;
      column += part.length;
      if (column === wrap) {
        call.out.put("\n");
        column = 0;
      }
    }
  };
  for (let chunk = yield* input.chunk(); chunk !== undefined; chunk = yield* input.chunk()) {
    const bytes = [...left, ...bytesOf(chunk)];
    const whole = bytes.length - (bytes.length % 3);
    put(base64Of(Uint8Array.from(bytes.slice(0, whole))));
    left = bytes.slice(whole);
  }
  put(base64Of(Uint8Array.from(left)));
  if (wrap > 0 && column > 0) call.out.put("\n");
}

function* decode(call: Call, input: Input): Task {
  const raw = (yield* input.rest()).replace(/\n/g, "");
  const text = call.has("i") ? raw.replace(/[^A-Za-z0-9+/=]/g, "") : raw;
  const bytes: number[] = [];
  let valid = true;
  for (let at = 0; at < text.length; at += 4) {
    const group = text.slice(at, at + 4);
    const good = /^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/.test(group);
    const letters = /^[A-Za-z0-9+/]*/.exec(group)?.[0] ?? "";
    const bits = [...letters.padEnd(4, "A")].reduce((sum, letter) => (sum << 6) | alphabet.indexOf(letter), 0);
    // What can be read of the last group still comes out before the message.
    const count = good || letters.length >= 2 ? Math.max(0, letters.length - 1) : 0;
    bytes.push(...[(bits >> 16) & 255, (bits >> 8) & 255, bits & 255].slice(0, count));
    if (!good) {
      valid = false;
      break;
    }
    if ((at & 255) === 0 && call.proc.tick()) yield undefined;
  }
  call.out.put(textOf(Uint8Array.from(bytes)));
  if (!valid) yield* call.warn("invalid input");
}
