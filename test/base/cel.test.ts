import { expect, test } from "vitest";
import { CelFault, celCompileError, celOptional, celProgram } from "../../src/base/cel.ts";
import { FormatError } from "../../src/base/format-error.ts";

const self = { replicas: 3n, max: 2n, name: "web-1", list: [1n, 2n], labels: { "a.b/c": "d" }, size: 1.5 };

// The CEL language definition and Kubernetes' library (apiserver pkg/cel/library, 1.35).
test.each<[string, unknown]>([
  ["self.replicas <= self.max", false],
  ["has(self.nothing)", false],
  ["!has(self.nothing) || self.nothing > 1", true],
  ["self.list.all(x, x > 0)", true],
  ["self.list.exists_one(x, x == 1)", true],
  ["self.list.map(x, x * 2)", [2n, 4n]],
  ["size(self.list) == 2 && self.name.size() == 5", true],
  ["self.name in ['a', 'web-1']", true],
  ["'a.b/c' in self.labels", true],
  ["self.size > 1.0", true],
  ["self.name.matches('^(?i)WEB-[0-9]$')", true],
  ["'matches(' + self.name", "matches(web-1"],
  ["self.name.find('[0-9]+')", "1"],
  ["self.name.findAll('[a-z]')", ["w", "e", "b"]],
  ["self.name.replace('-', '.')", "web.1"],
  ["self.name.split('-')", ["web", "1"]],
  ["'%s has %d'.format([self.name, self.replicas])", "web-1 has 3"],
  ["self.list.sum()", 3n],
  ["self.list.isSorted() && self.list.max() == 2", true],
  ["self.list.indexOf(2)", 1n],
  ["quantity('1Gi').isGreaterThan(quantity('512Mi'))", true],
  ["quantity('100m').add(quantity('900m')).compareTo(quantity('1'))", 0n],
  ["isQuantity('much')", false],
  ["duration('1h') > duration('59m')", true],
  ["self.?nothing.orValue('z')", "z"],
  ["oldSelf.hasValue()", false],
])("%s", (expression, value) => {
  expect(celProgram(expression).run({ self, oldSelf: celOptional(undefined) })).toEqual(value);
});

test.each([
  ["self.nothing > 1", "no such key: nothing"],
  ["self.list[5] == 1", "index out of bounds: 5"],
  ["self.name > 1", "no such overload"],
  ["self.replicas / 0 == 1", "division by zero"],
  ["self.name.matches('(')", "error parsing regexp: missing closing ): `(`"],
])("%s fails", (expression, message) => {
  expect(() => celProgram(expression).run({ self })).toThrow(new CelFault(message));
});

test("what does not parse", () => {
  expect(() => celProgram("self.replicas +")).toThrow(FormatError);
  expect(celCompileError("self.teeth > 3", 4, "undefined field 'teeth'")).toBe(
    "ERROR: <input>:1:5: undefined field 'teeth'\n | self.teeth > 3\n | ....^",
  );
});
