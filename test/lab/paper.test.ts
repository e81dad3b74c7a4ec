import { expect, test } from "vitest";
import { domains } from "../../grader/curriculum.ts";
import type { Exercise } from "../../grader/define.ts";
import { drawPaper, shares } from "../../src/lab/paper.ts";

const exercises = domains.flatMap((domain) =>
  Array.from(
    { length: 8 },
    (_, i) => ({ id: `${domain.letter}-${i}`, domain, weight: 4 + (i % 3), minutes: 7 }) as Exercise,
  ),
);

test("a drawn paper has the form of the exam", () => {
  const paper = drawPaper(exercises, "1");
  expect(paper).toMatchObject({ minutes: 120, pass: 66 });
  expect(paper.tasks).toHaveLength(17);
  expect(new Set(paper.tasks.map(({ exercise }) => exercise)).size).toBe(17);
  for (const { letter, weight } of domains) {
    const mine = paper.tasks.filter(({ exercise }) => exercise.startsWith(letter));
    expect([letter, mine.reduce((sum, one) => sum + one.weight, 0)]).toEqual([letter, weight]);
  }
  expect(drawPaper(exercises, "1")).toEqual(paper);
  expect(drawPaper(exercises, "2").tasks).not.toEqual(paper.tasks);
});

test("fewer exercises make a shorter paper whose weights still add up", () => {
  const paper = drawPaper(
    exercises.filter(({ id }) => ["T-0", "T-1", "S-0"].includes(id)),
    "1",
  );
  expect(paper.minutes).toBe(21);
  expect(paper.tasks.reduce((sum, one) => sum + one.weight, 0)).toBe(100);
});

test("shares add up", () => {
  expect(shares(17, [30, 25, 20, 15, 10])).toEqual([5, 4, 3, 3, 2]);
  expect(shares(100, [1, 1, 1])).toEqual([34, 33, 33]);
});
