import { describe, expect, test } from "vitest";
import { type EditorState, edit, newEditor, searchPrompt } from "../../src/ui/line/editor.ts";
import { KeyReader } from "../../src/ui/line/keys.ts";
import { layout } from "../../src/ui/line/render.ts";

const history = ["kubectl get pods", "ssh worker-1", "kubectl describe pod web"];

/** Types raw terminal input into a fresh line. */
function type(input: string, from = ""): { state: EditorState; actions: string[] } {
  let state = newEditor(history, from);
  const actions: string[] = [];
  const reader = new KeyReader();
  for (const key of [...reader.read(input), ...reader.flush()]) {
    const result = edit(state, key, history);
    state = result.state;
    if (result.action !== "none") actions.push(result.action);
  }
  return { state, actions };
}

describe("keys", () => {
  const cases: [name: string, input: string, text: string, cursor: number][] = [
    ["plain text", "kubectl", "kubectl", 7],
    ["left and insert", "ac\u001b[Db", "abc", 2],
    ["Ctrl-A, Ctrl-E", "b\u0001a\u0005c", "abc", 3],
    ["Ctrl-W takes a word to the blank", "get pod/web\u0017", "get ", 4],
    ["Alt-Backspace takes a word", "get pod/web\u001b\u007f", "get pod/", 8],
    ["Ctrl-U and Ctrl-Y", "abc def\u0015x\u0019", "xabc def", 8],
    ["Ctrl-K", "abc def\u0001\u001b[C\u000b", "a", 1],
    ["Alt-B, Alt-D", "one two three\u001bb\u001bb\u001bd", "one  three", 4],
    ["Ctrl-T", "ba\u0014", "ab", 2],
    ["Alt-U", "abc\u0001\u001bu", "ABC", 3],
    ["undo", "abc\u0015\u001f", "abc", 3],
    ["up shows the last line, down brings the draft back", "dra\u001b[A\u001b[B", "dra", 3],
    ["up twice", "\u001b[A\u001b[A", "ssh worker-1", 12],
    ["Alt-. takes the last word of the line before", "echo \u001b.", "echo web", 8],
    ["Alt-. twice takes the one before", "echo \u001b.\u001b.", "echo worker-1", 13],
    ["Ctrl-R finds the newest", "\u0012pod\u001b[C", "kubectl describe pod web", 21],
    ["Ctrl-R twice finds the one before", "\u0012pod\u0012\u001b[C", "kubectl get pods", 16],
    ["Ctrl-G gives the line back", "typed\u0012pod\u0007", "typed", 5],
    ["wide characters move as one", "한글\u001b[D\u007f", "글", 0],
    ["a paste keeps its lines and runs nothing", "\u001b[200~a\r\nb\u001b[201~", "a\nb", 3],
  ];
  for (const [name, input, text, cursor] of cases)
    test(name, () => {
      const { state } = type(input);
      expect([state.text, state.cursor]).toEqual([text, cursor]);
    });
});

test("what the owner has to do", () => {
  expect(type("ls\r").actions).toEqual(["accept"]);
  expect(type("\u0004").actions).toEqual(["end"]);
  expect(type("x\u0004").actions).toEqual([]);
  expect(type("abc\u0003").actions).toEqual(["interrupt"]);
  expect(type("ku\t").actions).toEqual(["complete"]);
  expect(type("\u0012pod\r").actions).toEqual(["accept"]);
});

test("the search prompt says what is looked for, and when it is not found", () => {
  expect(searchPrompt(type("\u0012pod").state)).toBe("(reverse-i-search)`pod': ");
  expect(searchPrompt(type("\u0012podzz").state)).toBe("(failed reverse-i-search)`podzz': ");
});

test("a sequence that comes in two chunks is one key", () => {
  const reader = new KeyReader();
  expect(reader.read("\u001b[")).toEqual([]);
  expect(reader.read("A")).toEqual([{ type: "key", name: "up", raw: "\u001b[A" }]);
  expect(reader.read("\u001b")).toEqual([]);
  expect(reader.flush()).toEqual([{ type: "key", name: "escape", raw: "\u001b" }]);
});

test("rows and the cursor's place as a terminal wraps them", () => {
  expect(layout("$ ", "abcdef", 6, 80)).toEqual({ rows: 1, row: 0, column: 8 });
  expect(layout("$ ", "abcdefgh", 8, 10)).toEqual({ rows: 2, row: 1, column: 0 });
  expect(layout("\u001b[32m$ \u001b[0m", "한글한글", 4, 10)).toEqual({ rows: 2, row: 1, column: 0 });
  expect(layout("$ ", "a\nbc", 3, 10)).toEqual({ rows: 2, row: 1, column: 1 });
});
