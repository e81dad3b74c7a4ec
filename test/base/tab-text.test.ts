import { expect, test } from "vitest";
import { tableStyle, tabText } from "../../src/base/tab-text.ts";

// kubectl tables: at least 6 wide, 3 blanks between columns, widths remembered (see also custom-columns).
test.each([
  ["a\tb\tc\nlonger\tb\tc\n", "a        b     c\nlonger   b     c\n"],
  ["a\tb\nnone\nlongest cell\tb\n", "a     b\nnone\nlongest cell   b\n"],
  ["longest cell\tb\nnone\na\tb\n", "longest cell   b\nnone\na              b\n"],
  ["", ""],
  ["\tx\n", "      x\n"],
  ["é😀\tx\n", "é😀    x\n"],
])("%j", (text, laidOut) => {
  expect(tabText(text, tableStyle)).toBe(laidOut);
});

test("without memory each block of lines has its own widths", () => {
  expect(tabText("longest cell\tb\nnone\na\tb\n", { minWidth: 0, padding: 2 })).toBe("longest cell  b\nnone\na  b\n");
});
