import { expect, test } from "vitest";
import { parseJson, toJson } from "../../src/base/json.ts";
import { complaint } from "./complaint.ts";

// Printed by json.Unmarshal of Go 1.24.
test.each([
  ["", "unexpected end of JSON input"],
  ["{", "unexpected end of JSON input"],
  ["{a:1}", "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ["[1,]", "invalid character ']' looking for beginning of value"],
  ["[1 2]", "invalid character '2' after array element"],
  ["tru", "invalid character ' ' in literal true (expecting 'e')"],
  ["trux", "invalid character 'x' in literal true (expecting 'e')"],
  ["nul", "invalid character ' ' in literal null (expecting 'l')"],
  ['"a', "unexpected end of JSON input"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ["-", "invalid character ' ' in numeric literal"],
  ["-a", "invalid character 'a' in numeric literal"],
  ["1.", "invalid character ' ' after decimal point in numeric literal"],
  ["1.a", "invalid character 'a' after decimal point in numeric literal"],
  ["1e", "invalid character ' ' in exponent of numeric literal"],
  ["1e+", "invalid character ' ' in exponent of numeric literal"],
  ["1e+x", "invalid character 'x' in exponent of numeric literal"],
  ["01", "invalid character '1' after top-level value"],
  ["1 2", "invalid character '2' after top-level value"],
  ["{}x", "invalid character 'x' after top-level value"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
  ["\u00e9", "invalid character '\u00c3' looking for beginning of value"],
  ["\u0001", "invalid character '\\x01' looking for beginning of value"],
  ["[", "unexpected end of JSON input"],
  ["[1", "unexpected end of JSON input"],
  ['{"a":', "unexpected end of JSON input"],
  ['{"a"', "unexpected end of JSON input"],
  ['{"a":1', "unexpected end of JSON input"],
  ["1e400", "json: cannot unmarshal number 1e400 into Go value of type float64"],
  [" ", "unexpected end of JSON input"],
  ["}", "invalid character '}' looking for beginning of value"],
  ["+1", "invalid character '+' looking for beginning of value"],
  [".5", "invalid character '.' looking for beginning of value"],
  ['"\\u12', "invalid character ' ' in \\u hexadecimal character escape"],
])("%j: %s", (text, says) => {
  expect(complaint(() => parseJson(text))).toBe(says);
});

// Printed by json.Marshal of what json.Unmarshal read, Go 1.24.
test.each([
  ['"\\ud83d\\ude00"', '"\ud83d\ude00"'],
  ['"\\ud83d"', '"\ufffd"'],
  ['"\\ud83dx"', '"\ufffdx"'],
  ['"\\udc00\\ud83d"', '"\ufffd\ufffd"'],
  ["[1.0,1e3,1E-7,0.1,-0.0,1e21,1e20,123456789.5]", "[1,1000,1e-7,0.1,-0,1e+21,100000000000000000000,123456789.5]"],
  [
    '{"b":"<a>&\\u2028","a":[],"c":{},"d":"\\u0001\\b\\f\\t\\u007f"}',
    '{"a":[],"b":"\\u003ca\\u003e\\u0026\\u2028","c":{},"d":"\\u0001\\b\\f\\t\u007f"}',
  ],
  ['{"a":1,"a":2}', '{"a":2}'],
  ['{"__proto__":1,"x":{"__proto__":[]}}', '{"__proto__":1,"x":{"__proto__":[]}}'],
  ['{"10":1,"9":2,"a":3}', '{"10":1,"9":2,"a":3}'],
])("%s is written %s", (text, written) => {
  expect(toJson(parseJson(text), { sortKeys: true })).toBe(written);
});

test("whole numbers of 64 bit are kept, larger ones are floats", () => {
  const text = "[9007199254740993,-9223372036854775808,9223372036854775807,12345678901234567890]";
  expect(parseJson(text)).toEqual([
    9007199254740993n,
    -9223372036854775808n,
    9223372036854775807n,
    12345678901234567000,
  ]);
});

test("keys keep their order unless sorting is asked for", () => {
  expect(toJson({ b: 1, a: [{ d: 1, c: undefined }] })).toBe('{"b":1,"a":[{"d":1}]}');
  expect(toJson({ b: 1, a: 2 }, { sortKeys: true, indent: 2 })).toBe('{\n  "a": 2,\n  "b": 1\n}');
});
