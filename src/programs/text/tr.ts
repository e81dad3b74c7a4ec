import { byteText, joinBytes } from "../../base/escapes.ts";
import { bytesOf } from "../../base/text-bytes.ts";
import { type Call, Fail, tool } from "./define.ts";
import { quote } from "./shared/quote.ts";
import { parseSet } from "./shared/tr-set.ts";

/** tr: translates, deletes and squeezes bytes. */
export const tr = tool({
  name: "tr",
  usage: "[OPTION]... STRING1 [STRING2]",
  options: "+ c,C,complement d,delete s,squeeze-repeats t,truncate-set1",
  *run(call) {
    const table = tableOf(call);
    let last = -1;
    const input = call.open("-");
    for (let chunk = yield* input.chunk(); chunk !== undefined; chunk = yield* input.chunk()) {
      let text = "";
      for (const byte of bytesOf(chunk)) {
        if (table.deleted?.has(byte)) continue;
        const to = table.map[byte] ?? byte;
        if (to === last && table.squeezed?.has(to)) continue;
        last = to;
        text += byteText(to);
      }
      call.out.put(joinBytes(text));
      yield* call.out.flush();
    }
    return undefined;
  },
});

interface Table {
  readonly map: readonly number[];
  readonly deleted: ReadonlySet<number> | undefined;
  readonly squeezed: ReadonlySet<number> | undefined;
}

function checkOperands(call: Call): void {
  const [first, second, third] = call.operands;
  const [deletes, squeezes] = [call.has("d"), call.has("s")];
  if (first === undefined) throw call.misuse("missing operand");
  const needsTwo = deletes === squeezes;
  if (second === undefined && needsTwo)
    throw call.misuse(
      `missing operand after ${quote(first)}\nTwo strings must be given when ${deletes ? "both deleting and squeezing repeats" : "translating"}.`,
    );
  const extra = deletes && !squeezes ? second : third;
  if (extra === undefined) return;
  const only = deletes && !squeezes && call.operands.length === 2;
  throw call.misuse(
    `extra operand ${quote(extra)}${only ? "\nOnly one string may be given when deleting without squeezing repeats." : ""}`,
  );
}

function tableOf(call: Call): Table {
  checkOperands(call);
  const [first = "", second] = call.operands;
  let from = parseSet(first, undefined);
  if (call.has("c")) from = [...Array(256).keys()].filter((byte) => !from.includes(byte));
  const identity = [...Array(256).keys()];
  if (call.has("d")) {
    const squeezed = call.has("s") && second !== undefined ? new Set(parseSet(second, undefined)) : undefined;
    return { map: identity, deleted: new Set(from), squeezed };
  }
  if (second === undefined) return { map: identity, deleted: undefined, squeezed: new Set(from) };
  const to = parseSet(second, from.length);
  const lastTo = to.at(-1);
  if (lastTo === undefined && !call.has("t")) throw new Fail("when not truncating set1, string2 must be non-empty");
  from.forEach((byte, index) => {
    const target = to[index] ?? (call.has("t") ? undefined : lastTo);
    if (target !== undefined) identity[byte] = target;
  });
  return { map: identity, deleted: undefined, squeezed: call.has("s") ? new Set(to) : undefined };
}
