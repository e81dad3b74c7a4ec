import { render } from "ink-testing-library";
import type { ReactElement } from "react";
import { describe, expect, test } from "vitest";
import type { Report } from "../../grader/score.ts";
import { Choice } from "../../src/ui/screens/choice.tsx";
import { LinesView } from "../../src/ui/screens/lines-view.tsx";
import { scoreLines, summaryLines } from "../../src/ui/screens/score-lines.ts";
import { TextView } from "../../src/ui/screens/text-view.tsx";
import { clockText, wrap } from "../../src/ui/screens/wrap.ts";

/** Draws a screen and types into it, key by key. */
async function drawn(screen: ReactElement, ...keys: string[]): Promise<string> {
  const { lastFrame, frames, stdin, unmount } = render(screen);
  const until = async (met: () => boolean) => {
    for (let i = 0; i < 200 && !met(); i++) await new Promise((resolve) => setImmediate(resolve));
  };
  // The keyboard is listened to from the first effects on.
  await until(() => stdin.listenerCount("readable") > 0);
  for (const key of keys) {
    const before = frames.length;
    stdin.write(key);
    await until(() => frames.length > before);
  }
  const frame = lastFrame() ?? "";
  unmount();
  return frame;
}

const report: Report = {
  paper: "First exam",
  seed: "7",
  score: 65.7,
  pass: 66,
  passed: false,
  domains: [
    { title: "Troubleshooting", score: 100, weight: 60 },
    { title: "Storage", score: 14.3, weight: 40 },
  ],
  tasks: [
    {
      id: "node-not-ready",
      title: "A worker left the cluster",
      domain: "Troubleshooting",
      competency: "T1",
      weight: 60,
      checks: [{ says: "worker-1 is Ready", points: 3, met: true }],
      points: 3,
      of: 3,
      parameters: {},
      explain: "The kubelet was stopped.\nhttps://kubernetes.io/docs/reference/node/node-status/\n",
    },
    {
      id: "claim",
      title: "A volume",
      domain: "Storage",
      competency: "S3",
      weight: 40,
      checks: [
        { says: "the claim is bound", points: 1, met: true },
        {
          says: "the Pod of the application has the claim mounted at the path that its manual names, and can write to it",
          points: 6,
          met: false,
          why: "Pod writer: spec.containers[0].volumeMounts is missing, expected an entry with mountPath /data",
        },
      ],
      points: 1,
      of: 7,
      note: "the Pod was restarted twice",
      parameters: {},
      explain: "",
    },
  ],
};

const long = Array.from({ length: 60 }, (_none, i) => `line ${i + 1}`).join("\n");
const done = () => {};

describe("frames", () => {
  const colours = ["red", "green", "blue"].map((label) => ({ label, detail: `a ${label} one`, value: label }));
  const cases: [name: string, screen: () => ReactElement, ...keys: string[]][] = [
    ["text", () => <TextView title="Task 2/5 · 20 % · ssh cka4821" note={() => "1:57:03"} text="Do it." done={done} />],
    ["text-end", () => <TextView title="Long" text={long} done={done} />, "G"],
    ["text-paged", () => <TextView title="Long" text={long} done={done} />, " ", "\u001b[A", "\u001b[B", "\u001b[B"],
    ["choice", () => <Choice title="Colours" intro="Take one." items={() => colours} done={done} />, "\u001b[B"],
    ["result", () => <LinesView title="Result" lines={(columns) => scoreLines(report, columns)} done={done} />],
  ];
  for (const [name, screen, ...keys] of cases)
    test(name, async () => {
      await expect(`${await drawn(screen(), ...keys)}\n`).toMatchFileSnapshot(`frames/${name}.txt`);
    });
});

test("what stays in the terminal after an attempt", async () => {
  const lines = summaryLines(report, 70).map(({ text }) => text);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(70);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("frames/summary.txt");
});

describe("a list", () => {
  const choose = async (...keys: string[]) => {
    const chosen: unknown[] = [];
    const items = () => [1, 2, 3].map((value) => ({ label: `item ${value}`, value }));
    const marks: number[] = [];
    const acts = { f: (value: number) => marks.push(value) };
    await drawn(
      <Choice title="List" items={items} start={1} keys={acts} done={(value) => chosen.push(value)} />,
      ...keys,
    );
    return { chosen, marks };
  };
  test("Enter chooses what the arrows, j and k, or a number went to", async () => {
    expect((await choose("\r")).chosen).toEqual([2]);
    expect((await choose("\u001b[B", "\u001b[B", "\r")).chosen).toEqual([3]);
    expect((await choose("k", "k", "\r")).chosen).toEqual([1]);
    expect((await choose("3", "\r")).chosen).toEqual([3]);
  });
  test("q chooses nothing", async () => expect((await choose("q")).chosen).toEqual([undefined]));
  test("further keys act on the line", async () => expect((await choose("f", "j", "f")).marks).toEqual([2, 3]));
});

describe("wrapping", () => {
  const full = "A line of a paragraph that its author's editor broke because it had come to the end of its column, and";
  const cases: [name: string, text: string, columns: number, lines: string[]][] = [
    ["a list's text stands under its text", "- one two three", 10, ["- one two", "  three"]],
    ["a numbered one as well", "1. one two three", 10, ["1. one two", "   three"]],
    ["a word that is too long is cut", "a".repeat(25), 10, ["a".repeat(10), "a".repeat(10), "aaaaa"]],
    ["short lines stay as they are", "one\ntwo", 60, ["one", "two"]],
    ["a full line goes on in the next", `${full}\nso on.`, 120, [`${full} so on.`]],
    ["but not into a list", `${full}\n- item`, 120, [full, "- item"]],
    ["wide characters count twice", "한글 한글 한글", 10, ["한글 한글", "한글"]],
  ];
  for (const [name, text, columns, lines] of cases) test(name, () => expect(wrap(text, columns)).toEqual(lines));
});

test("clocks", () => {
  expect([7023, 3600, 3599.2, 59, 0, -3].map(clockText)).toEqual([
    "1:57:03",
    "1:00:00",
    "1:00:00",
    "00:59",
    "00:00",
    "00:00",
  ]);
});
