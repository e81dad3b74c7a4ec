import { joinBytes } from "../../base/escapes.ts";
import { tool } from "./define.ts";
import { escapeAt } from "./shared/escapes.ts";

/** /usr/bin/echo: -n, -e and -E; any other word is text. */
export const echo = tool({
  name: "echo",
  usage: "[SHORT-OPTION]... [STRING]...",
  *run(call) {
    const words = [...call.operands];
    let newline = true;
    let escapes = false;
    while (/^-[neE]+$/.test(words[0] ?? "")) {
      const letters = words.shift() ?? "";
      if (letters.includes("n")) newline = false;
      const last = letters.replace(/[^eE]/g, "").at(-1);
      if (last) escapes = last === "e";
    }
    const { text, ended } = escapes ? resolve(words.join(" ")) : { text: words.join(" "), ended: false };
    call.out.put(text + (newline && !ended ? "\n" : ""));
    return undefined;
  },
});

function resolve(raw: string): { text: string; ended: boolean } {
  let text = "";
  for (let at = 0; at < raw.length; ) {
    const found = raw[at] === "\\" ? escapeAt(raw, at, true) : undefined;
    if (found === "end") return { text: joinBytes(text), ended: true };
    text += found ? found.text : raw[at];
    at = found ? found.next : at + 1;
  }
  return { text: joinBytes(text), ended: false };
}
