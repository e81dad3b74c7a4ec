import { expect, test } from "vitest";
import { WaitQueue } from "../../src/base/wait-queue.ts";
import { LineKeys } from "../../src/machine/line-keys.ts";
import { type LineEvent, Terminal } from "../../src/machine/terminal.ts";

function edited(keys: string, history: readonly string[] = []): { events: LineEvent[]; shown: string } {
  const terminal = new Terminal();
  let shown = "";
  terminal.onOutput = (text) => (shown += text);
  const line = new LineKeys(terminal);
  terminal.ask({ prompt: "$ ", history, continued: false });
  line.input(keys);
  const events: LineEvent[] = [];
  for (let event = terminal.takeEvent(); !(event instanceof WaitQueue); event = terminal.takeEvent())
    events.push(event);
  return { events, shown };
}

const up = "\u001b[A";
const down = "\u001b[B";
const left = "\u001b[D";
const right = "\u001b[C";

test.each([
  ["a line", "ls -l\r", "ls -l"],
  ["erasing", "lx\u007fs\u0008\r", "l"],
  ["in the middle", `ac${left}b\r`, "abc"],
  ["there and back", `ac${left}b${right}d\r`, "abcd"],
  ["to the start and the end", "b\u0001a\u0005c\r", "abc"],
  ["home, end and delete as keys", "\u001b[Hbc\u001bOHa\u001b[Fd\u001b[1~x\u001b[D\u001b[3~\r", "abcd"],
  ["killing a word", "one two\u0017three\r", "one three"],
  ["killing to the start and the end", "gone\u0015left gone\u0002\u0002\u0002\u0002\u0002\u000b\r", "left"],
  ["the last line", `${up}\r`, "second"],
  ["the line before", `${up}${up}\r`, "first"],
  ["no further than there is", `${up}${up}${up}${up}\r`, "first"],
  ["back to what was being typed", `dra${up}${down}ft\r`, "draft"],
  ["a line of the past, changed", `${up}!\r`, "second!"],
  ["characters of several units", `a😀b${left}${left}\u001b[3~\r`, "ab"],
])("%s", (_what, keys, text) => {
  expect(edited(keys, ["first", "second"]).events).toEqual([{ type: "line", text }]);
});

test("Ctrl-C, Ctrl-D and Tab", () => {
  expect(edited("abc\u0003").events).toEqual([{ type: "interrupt" }]);
  expect(edited("\u0004").events).toEqual([{ type: "end" }]);
  expect(edited("ab\u0004\r").events).toEqual([{ type: "line", text: "ab" }]);
  expect(edited("kubectl g\t").events).toEqual([{ type: "complete", text: "kubectl g", cursor: 9 }]);
});

test("what a completion adds", () => {
  const terminal = new Terminal();
  const line = new LineKeys(terminal);
  const complete = (text: string, words: readonly string[], noSpace = false) => {
    terminal.ask({ prompt: "$ ", history: [], continued: false });
    line.input(text);
    terminal.onCompletion({ from: 0, words, noSpace });
    line.input("|\r");
    return terminal.takeEvent();
  };
  expect(complete("ec", ["echo"])).toEqual({ type: "line", text: "echo |" });
  expect(complete("/e", ["/etc/"], true)).toEqual({ type: "line", text: "/etc/|" });
  expect(complete("k", ["kubectl", "kubelet"])).toEqual({ type: "line", text: "kube|" });
  expect(complete("kube", ["kubectl", "kubelet"])).toEqual({ type: "line", text: "kube|" });
  expect(complete("x", [])).toEqual({ type: "line", text: "x|" });
});

test("what was typed before the shell asked comes into the line; the rest waits", () => {
  const terminal = new Terminal();
  const line = new LineKeys(terminal);
  line.input("ear");
  terminal.ask({ prompt: "$ ", history: [], continued: false });
  line.input("ly\rnext\r");
  expect(terminal.takeEvent()).toEqual({ type: "line", text: "early" });
  expect(terminal.takeTypeAhead()).toBe("next\n");
});
