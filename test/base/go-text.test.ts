import { expect, test } from "vitest";
import { goQuote, goSyntax, goValue } from "../../src/base/go-text.ts";
import { parseJson } from "../../src/base/json.ts";

// Printed by fmt.Sprintf of Go 1.24: %q.
test.each([
  ["plain", '"plain"'],
  ["\u00e9 \u00fc", '"\u00e9 \u00fc"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ["\u0000\u0007\b\t\n\u000b\f\r\u001b\u007f", '"\\x00\\a\\b\\t\\n\\v\\f\\r\\x1b\\x7f"'],
  ["\u00a0\u2028\u200b\u00ad", '"\\u00a0\\u2028\\u200b\\u00ad"'],
  ["\ud83d\ude00", '"\ud83d\ude00"'],
  ["\udb40\udc01", '"\\U000e0001"'],
  ["\ufeff\ufffd", '"\\ufeff\ufffd"'],
  ["'x'", "\"'x'\""],
])("%j is quoted %s", (text, quoted) => {
  expect(goQuote(text)).toBe(quoted);
});

// Printed by fmt.Sprintf of Go 1.24 for decoded JSON: %v and %#v.
test.each([
  [
    '{"b":1.5,"a":null,"c":[1,"x",true,{}],"d":"q\\"","e":[]}',
    'map[a:<nil> b:1.5 c:[1 x true map[]] d:q" e:[]]',
    'map[string]interface {}{"a":interface {}(nil), "b":1.5, "c":[]interface {}{1, "x", true, map[string]interface {}{}}, "d":"q\\"", "e":[]interface {}{}}',
  ],
  ["1234567.5", "1.2345675e+06", "1.2345675e+06"],
  ["0.00001", "1e-05", "1e-05"],
  ["1e21", "1e+21", "1e+21"],
  ["[]", "[]", "[]interface {}{}"],
  ["null", "<nil>", "<nil>"],
  ['"x"', "x", '"x"'],
  ["0.0001", "0.0001", "0.0001"],
  ["-2.5", "-2.5", "-2.5"],
])("%s is %s", (text, value, syntax) => {
  const json = parseJson(text);
  expect(goValue(json)).toBe(value);
  expect(goSyntax(json)).toBe(syntax);
});

test("bytes that are no UTF-8 are quoted as bytes", () => {
  expect(goQuote("a\udcff")).toBe('"a\\xff"');
});
