import { expect, test } from "vitest";
import { FormatError } from "../../src/base/format-error.ts";
import type { Json } from "../../src/base/json.ts";
import { Random } from "../../src/base/random.ts";
import { parseYamlTree } from "../../src/base/yaml-in/parse-yaml.ts";
import { plainYaml } from "../../src/base/yaml-in/plain-yaml.ts";
import { resolveDocument } from "../../src/base/yaml-in/resolve-node.ts";
import { splitDocuments } from "../../src/base/yaml-in/split-documents.ts";
import { recorded } from "./recorded.ts";

/** What the reader of all YAML finds in a document; a refusal's words where it refuses it. */
function whole(text: string): Json {
  try {
    return resolveDocument(parseYamlTree(text, ({ says }) => new FormatError(says)));
  } catch (fault) {
    if (fault instanceof FormatError) return `refused: ${fault.message}`;
    throw fault;
  }
}

/** Whether the plain reader takes a document. What it then says must be what there is. */
function takes(text: string): boolean {
  const plain = plainYaml(text);
  if (plain !== undefined) expect({ text, value: plain }).toEqual({ text, value: whole(text) });
  return plain !== undefined;
}

const documents = [...recorded<{ input: string }>("yaml-in"), ...recorded<{ input: string }>("yaml-broken")].flatMap(
  ({ input }) => {
    try {
      return [...splitDocuments(input)];
    } catch {
      return [];
    }
  },
);

const samples = [
  "a: b\nc: d\n",
  "---\na:\n  b: c\n  d:\n  - e\n  - f: g\n    h: i\nj: |\n  x\n   y\n\n  z\nk: l\n",
  "- a\n- b: c\n- d\n",
  "a: {b: c, d: [e, f], g: {}}\nh: [1, -2, 'x', \"y z\"] # i\n",
  "a:\n- b\n- c\nd: \"e f\"\ng: 'h'\n",
  "a: |\n  x\n\nb:\n  # c\n  d: e # f\ng: http://h:80\n",
  "a:\n  - name: x\n    b: |-\n      z\n  - name: w\n  -\n    q: ~\n",
  "a: 1\nb: 0x1f\nc: 1.5\nd: yes\ne: null\nf: 2001-01-01\ng: 1_000\nh: -.5\n",
];

test("manifests as they are mostly written are plain", () => {
  for (const text of samples) expect(takes(text), text).toBe(true);
  expect(documents.filter(takes).length).toBeGreaterThan(150);
});

test.each([
  "a: 'b'c\n",
  "a: b: c\n",
  "a: b\n c\n",
  "a: 1\na: 2\n",
  "on: 1\n",
  "a: &b c\n",
  "a: >\n  b\n",
  "a: .inf\n",
  "a:\tb\n",
  "a: |\n  b",
  `${"k".repeat(1030)}: 1\n`,
  "a: {b: c\n",
  "<<: 1\n",
  "__proto__: 1\n",
  "a\n",
  "",
])("%j is left to the reader of all YAML", (text) => expect(plainYaml(text)).toBeUndefined());

const pieces =
  " |  |- |-|: |:|#| #|\"|'|||-|>|{|}|[|]|,|&a |*a|!t |?|~|0|on|.5|0x1|\\|---|...|%|@|`|=|<<|\n  |\n    |k: v|- x|\t|é|- - |\n\n|1:30|+1|1_000"
    .split(/(?<!\|)\|/)
    .concat("|", "\n");

/** One to three slips of the hand: something is lost, doubled or put in. */
function mangled(text: string, random: Random): string {
  let out = text;
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(out.length + 1);
    const from = random.below(out.length + 1);
    const how = random.below(4);
    if (how === 0) out = out.slice(0, at) + out.slice(at + 1 + random.below(3));
    else if (how === 1) out = out.slice(0, at) + out.slice(from, from + random.below(12)) + out.slice(at);
    else out = out.slice(0, at) + pieces[random.below(pieces.length)] + out.slice(at);
  }
  return out;
}

test("mangled manifests are read alike, or left", () => {
  const random = new Random("plain yaml");
  const short = [...samples, ...documents.filter((text) => text.length < 800)];
  let taken = 0;
  for (let i = 0; i < 6000; i++) {
    const base = (i % 2 === 0 ? samples[random.below(samples.length)] : short[random.below(short.length)]) ?? "";
    if (takes(mangled(base, random))) taken++;
  }
  expect(taken).toBeGreaterThan(500);
});
