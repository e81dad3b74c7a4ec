import { expect, test } from "vitest";
import { loadExercise } from "../../grader/load.ts";
import { loadPaper } from "../../grader/load-paper.ts";
import { loadWorld } from "../../grader/load-world.ts";

const whole = `title: A title
competency: W1
weight: 5
minutes: 6
host: cka1
world: one-node
task: Make \${count} of them on \${host}.
checks:
  - says: there are \${count}
    points: 2
    count: pods
    of: \${count}
  - { says: a file, points: 1, file: "cka1:/tmp/x", mode: 0600 }
solution: for i in 1; do echo \${i} \${count}; done
explain: https://kubernetes.io/docs/
wrong:
  nothing: { run: "true", fails: ["there are \${count}"] }
variants:
  count: [3, 4, 5]
`;

test("a whole exercise, its parameters drawn by the seed", () => {
  const exercise = loadExercise(whole, "w/some-name.yaml");
  expect([exercise.id, exercise.domain.title]).toEqual(["some-name", "Workloads & Scheduling"]);
  const drawn = new Set(["1", "2", "3", "4", "5", "6", "7"].map((seed) => exercise.draw(seed).parameters.count));
  expect([...drawn].sort()).toEqual(["3", "4", "5"]);
  const task = exercise.draw("1");
  expect(task).toEqual({ ...exercise.draw("1"), checks: expect.anything() });
  const { count } = task.parameters;
  expect(task.text).toBe(`Make ${count} of them on cka1.`);
  expect(task.solution).toBe(`for i in 1; do echo \${i} ${count}; done`);
  expect(task.checks.map(({ says, points }) => [says, points])).toEqual([
    [`there are ${count}`, 2],
    ["a file", 1],
  ]);
  expect(task.wrong[0]?.fails).toEqual([`there are ${count}`]);
});

const faults: readonly (readonly [what: string, from: string | RegExp, to: string, said: string])[] = [
  ["an unknown key", "weight: 5", "wieght: 5", "e.yaml:3:1: unknown key wieght"],
  ["a missing key", "minutes: 6\n", "", "e.yaml:1:1: the file lacks minutes"],
  ["a wrong type", "minutes: 6", "minutes: six", "e.yaml:4:10: minutes must be a whole number"],
  ["no checks", /checks:[\s\S]*(?=solution)/, "checks: []\n", "e.yaml:8:9: there is no check"],
  ["a kind of check that is none", "count: pods", "cuont: pods", "e.yaml:9:5: a check needs one of"],
  ["a key of another kind", "    of: ${count}\n", "    of: 3\n    mode: 1\n", "e.yaml:13:5: unknown key mode"],
  ["points that are none", "points: 2", "points: 0", "e.yaml:10:13: points must be a positive whole number"],
  [
    "points that do not add up",
    "weight: 5",
    "weight: 5\npoints: 4",
    "e.yaml:1:1: the points of the checks add up to 3, not to 4",
  ],
  ["an unknown parameter", "on ${host}", "on ${hsot}", "e.yaml:7:7: ${hsot} is no parameter"],
  ["a near miss of no check", 'fails: ["there are ${count}"]', "fails: [something]", 'no check says "something"'],
  ["a competency that is none", "W1", "W9", "competency W9 is none of the curriculum's"],
  ["two checks alike", "says: a file", 'says: "there are ${count}"', 'two checks say "there are 3"'],
  ["a wrong mode", "mode: 0600", "mode: 0680", "e.yaml:13:5: 0680 is no octal mode"],
  ["a key twice", "weight: 5", "weight: 5\nweight: 5", "e.yaml:4:1: Map keys must be unique"],
  ["no YAML", "title: A title", "title: [", "e.yaml:"],
];

test.each(faults)("%s", (_what, from, to, said) => {
  const text = whole.replace(from, () => to);
  expect(text).not.toBe(whole);
  expect(() => loadExercise(text, "e.yaml")).toThrow(said);
});

test("papers", () => {
  const paper = "title: P\nminutes: 10\ntasks:\n  - { exercise: a, weight: 60 }\n  - { exercise: b, weight: 40 }\n";
  expect(loadPaper(paper, "x/p.yaml")).toMatchObject({ id: "p", pass: 66, minutes: 10 });
  expect(() => loadPaper(paper.replace("40", "30"), "p.yaml")).toThrow(
    "p.yaml:1:1: the weights add up to 90, not to 100",
  );
  expect(() => loadPaper(paper.replace(": b", ": a"), "p.yaml")).toThrow("a is there twice");
});

test("worlds", () => {
  const world =
    "description: D\nhosts:\n  - name: ${host}\n    role: control-plane\n  - { name: w, role: worker, cpu: 4 }\n";
  expect(loadWorld(world, "a/b.yaml").plan("cka7")).toEqual({
    name: "b",
    description: "D",
    hosts: [
      { name: "cka7", role: "control-plane" },
      { name: "w", role: "worker", cpu: "4" },
    ],
  });
  expect(() => loadWorld(world.replace("worker", "wroker"), "b.yaml")).toThrow("b.yaml:5:22: role must be one of");
  expect(() => loadWorld(world.replace("${host}", "cp"), "b.yaml")).toThrow("no host is named ${host}");
});
