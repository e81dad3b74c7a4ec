import { describe, expect, it } from "vitest";
import {
  expandWords,
  parseCommand,
  parseEnvironment,
  parseEnvironmentFile,
} from "../../../src/machine/units/command-line.ts";
import { namesIn, parseUnit, seconds, settingsOf, type UnitSettings } from "../../../src/machine/units/parse-unit.ts";

describe("unit files", () => {
  it("continue lines, skip comments, reset lists", () => {
    const settings: UnitSettings = new Map();
    const problems = parseUnit(
      settings,
      `# comment
[Unit]
After=a.service b.service
After=c.target
[Service]
ExecStart=/bin/one \\
# between
  --two
; comment
ExecStart=
ExecStart=/bin/three
nonsense
[Install
`,
      "/f",
    );
    expect(namesIn(settings, "Unit", "After")).toEqual(["a.service", "b.service", "c.target"]);
    expect(settingsOf(settings, "Service", "ExecStart")).toEqual(["/bin/three"]);
    expect(problems).toEqual(["/f:12: Missing '=', ignoring line.", "/f:13: Invalid section header '[Install'"]);
  });

  const spans: [text: string, wanted: number | undefined][] = [
    ["10", 10],
    ["500ms", 0.5],
    ["1min 30s", 90],
    ["2h", 7200],
    ["infinity", Number.POSITIVE_INFINITY],
    ["ten", undefined],
    ["", undefined],
  ];
  it.each(spans)("a time of %j is %j seconds", (text, wanted) => {
    expect(seconds(text)).toBe(wanted);
  });
});

describe("command lines", () => {
  const env = new Map([
    ["ARGS", "--a  --b=1"],
    ["ONE", "x y"],
  ]);
  const cases: [line: string, words: string[]][] = [
    ["/bin/x $ARGS end", ["/bin/x", "--a", "--b=1", "end"]],
    ["/bin/x ${ONE} pre$ONE", ["/bin/x", "x y", "prex y"]],
    ["/bin/x $NONE", ["/bin/x"]],
    ["/bin/x ${NONE}", ["/bin/x", ""]],
    [`/bin/x "a b" 'c d' e\\x20f`, ["/bin/x", "a b", "c d", "e\\x20f"]],
    ["/bin/x $$HOME", ["/bin/x", "$HOME"]],
    ["-/bin/x", ["/bin/x"]],
    [":/bin/x $ARGS", ["/bin/x", "$ARGS"]],
  ];
  it.each(cases)("%s", (line, words) => {
    expect(expandWords(parseCommand(line), env, () => {})).toEqual(words);
  });

  it("know their prefixes, tell of unset variables", () => {
    expect(parseCommand("-@/bin/x name")).toMatchObject({ ignoresFailure: true, namesItself: true });
    const unset: string[] = [];
    expandWords(parseCommand("/x $A ${B}"), new Map(), (name) => unset.push(name));
    expect(unset).toEqual(["A", "B"]);
  });

  it("environments", () => {
    expect(parseEnvironment(`A=1 "B=two words" C="x y" D`)).toEqual([
      ["A", "1"],
      ["B", "two words"],
      ["C", "x y"],
    ]);
    expect(parseEnvironmentFile('# c\nA="--x=1 --y"\n B=2 \nnonsense\nC=a\\\nb\n')).toEqual([
      ["A", "--x=1 --y"],
      ["B", "2"],
      ["C", "ab"],
    ]);
  });
});
