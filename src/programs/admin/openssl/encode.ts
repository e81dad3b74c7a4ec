import { base64Of, fromBase64 } from "../../../base/base64.ts";
import { bytesOf, textOf } from "../../../base/text-bytes.ts";
import type { Task } from "../../../machine/define.ts";
import { type Call, type Command, Fault, notSimulated } from "./define.ts";

function lines(text: string, width: number): string {
  return text.replace(new RegExp(`.{1,${width}}`, "g"), "$&\n");
}

function* encode(call: Call): Task<number> {
  const text = yield* call.input(call.value("in"));
  if (call.has("d")) {
    const bytes = fromBase64(text.replace(/\s/g, ""));
    // What is no base64 gives nothing, and no complaint.
    yield* call.output(bytes ? textOf(bytes) : "");
    return 0;
  }
  const coded = base64Of(bytesOf(text));
  yield* call.output(call.has("A") ? coded : lines(coded, 64));
  return 0;
}

const options = "in= out= d e A a base64 ";

/** Base64, 64 characters a line. */
export const base64: Command = { name: "base64", options: options.trim(), run: encode };

/** Encodes; ciphers are not simulated. */
export const enc: Command = {
  name: "enc",
  options: options.trim(),
  others: "cipher",
  *run(call) {
    if (!call.has("base64") && !call.has("a")) throw notSimulated("enc without -base64");
    return yield* encode(call);
  },
};

/** Random bytes. */
export const rand: Command = {
  name: "rand",
  options: "out= base64 hex",
  operands: 1,
  *run(call) {
    // Without a number OpenSSL makes nothing, and is content.
    const [word] = call.operands;
    if (word !== undefined && !/^-?\d+$/.test(word)) throw call.misuse(`Can't parse "${word}" as a number`);
    const count = Number(word ?? 0);
    if (word !== undefined && count <= 0) throw new Fault("rand: Use -help for summary.");
    const { random } = call.proc.machine.kernel;
    const bytes = Uint8Array.from({ length: count }, () => random.below(256));
    const hex = () => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (call.has("hex")) yield* call.output(`${hex()}\n`);
    else yield* call.output(call.has("base64") ? lines(base64Of(bytes), 64) : textOf(bytes));
    return 0;
  },
};
