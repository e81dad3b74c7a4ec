import { expect, test } from "vitest";
import { runJq } from "../../src/lab/jq.ts";

const cases: readonly (readonly [
  flags: string,
  filter: string,
  input: string,
  stdout: string,
  stderr: string,
  status: number,
])[] = [
  ["--raw-output", ".a", '{"a":"ü  "}', "ü  \n", "", 0],
  ["--join-output", ".[]", "[1,2]", "12", "", 0],
  ["--null-input", "1+1", "", "2\n", "", 0],
  ["--exit-status", ".", "null", "null\n", "", 1],
  ["--compact-output", ".", "1 [2]", "1\n[2]\n", "", 0],
  ["", ".a[0]", '{"a":1}', "", "jq: error (at <stdin>:0): Cannot index number with number\n", 5],
  ["", ".a", '{"a":1} {', "1\n", "jq: parse error: Unfinished JSON term at EOF at line 1, column 9\n", 5],
  ["", "foo", "1", "", "jq: error: foo/0 is not defined at <top-level>, line 1:\nfoo\njq: 1 compile error\n", 3],
];

test.each(cases)("jq %s %j", async (flags, filter, input, stdout, stderr, status) => {
  expect(await runJq(flags === "" ? [] : [flags], filter, input)).toEqual({ stdout, stderr, status });
});

test("a large document takes no longer than it should", async () => {
  const items = Array.from({ length: 60_000 }, (_, i) => ({ name: `pod-${i}` }));
  const { stdout } = await runJq(["--raw-output"], ".[-1].name", JSON.stringify(items));
  expect(stdout).toBe("pod-59999\n");
});
