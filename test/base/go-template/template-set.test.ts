import { expect, test } from "vitest";
import { goSprintf } from "../../../src/base/go-format.ts";
import { TemplateSet } from "../../../src/base/go-template/execute-template.ts";
import { FunctionError } from "../../../src/base/go-template/template-run.ts";
import { GoFunction, GoNumber, GoStruct, type GoValue } from "../../../src/base/go-value.ts";
import { complaint } from "../complaint.ts";

const functions = {
  upper: new GoFunction(["string"], undefined, (text) => String(text).toUpperCase()),
  list: new GoFunction([], "interface {}", (...items) => items),
  fail: new GoFunction(["string"], undefined, (text) => {
    throw new FunctionError(String(text));
  }),
};

function run(text: string, data: GoValue = {}): string {
  const set = new TemplateSet(functions);
  set.add("main", text);
  return set.execute("main", data);
}

test("functions of one's own", () => {
  expect(run('{{ "a" | upper }}{{ range list 1 "b" nil }}[{{ . }}]{{ end }}')).toBe("A[1][b][<no value>]");
  expect(complaint(() => run("{{ upper 5 }}"))).toBe(
    'template: main:1:9: executing "main" at <5>: expected string; found 5',
  );
  expect(complaint(() => run('{{ fail "no" }}'))).toBe(
    'template: main:1:3: executing "main" at <fail "no">: error calling fail: no',
  );
  expect(complaint(() => run("{{ upper .a }}", { a: 1 }))).toBe(
    'template: main:1:9: executing "main" at <.a>: wrong type for value; expected string; got int64',
  );
});

test("templates of several files know each other", () => {
  const set = new TemplateSet();
  set.add("helpers", '{{ define "name" }}<{{ .n }}>{{ end }}');
  set.add("a", '{{ template "name" . }} {{ $x := 1 }}{{ block "body" . }}default{{ end }}');
  expect(set.execute("a", { n: "x" })).toBe("<x> default");
  set.add("b", '{{ define "body" }}other{{ end }}');
  expect(set.execute("a", { n: "x" })).toBe("<x> other");
  expect(set.has("name")).toBe(true);
  set.add("c", 'x\n{{ template "d" . }}');
  set.add("d-file", '\n\n{{ define "d" }}\n {{ .n.m }}{{ end }}');
  expect(complaint(() => set.execute("c", { n: "x" }))).toBe(
    'template: d-file:4:6: executing "d" at <.n.m>: can\'t evaluate field m in type interface {}',
  );
});

test("numbers keep their Go types, as Helm's floats do", () => {
  const values = { big: new GoNumber("float64", 12345678), small: new GoNumber("float64", 3) };
  expect(run("{{ .big }} {{ .small }} {{ gt .small 2.0 }}", values)).toBe("1.2345678e+07 3 true");
  expect(complaint(() => run("{{ eq .small 3 }}", values))).toContain("incompatible types for comparison");
});

test("fields and methods of Go values", () => {
  const files = new GoStruct(
    "engine.files",
    { Count: 2 },
    { Get: new GoFunction(["string"], undefined, (name) => `text of ${String(name)}`) },
  );
  expect(run('{{ .Files.Get "a" }} {{ .Files.Count }} {{ (.Files.Get "b") | len }}', { Files: files })).toBe(
    "text of a 2 9",
  );
  expect(complaint(() => run("{{ .Files.Nope }}", { Files: files }))).toContain(
    "can't evaluate field Nope in type interface {}",
  );
});

test("a template that calls itself without end stops", () => {
  expect(complaint(() => run('{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}'))).toContain(
    "exceeded maximum template depth",
  );
});

test.each<[string, GoValue[], string]>([
  ["%03d|%x|%q", [7, "hi", "a\n"], '007|6869|"a\\n"'],
  ["%5.1f|%e", [1.25, 100000], "  1.2|%!e(int64=100000)"],
  ["%v %v", [[1, { a: null }], null], "[1 map[a:<nil>]] <nil>"],
  ["%s", [], "%!s(MISSING)"],
  ["x", [1], "x%!(EXTRA int64=1)"],
])("%s", (format, values, text) => {
  expect(goSprintf(format, values)).toBe(text);
});
