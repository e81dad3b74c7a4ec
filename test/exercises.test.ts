import { relative, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { Library } from "../src/lab/library.ts";
import { prove } from "../src/lab/prove.ts";

const library = new Library();

/** Three variants of each: enough to meet every value of most parameters. */
const seeds = ["1", "2", "3"];

describe.each(library.ids)("%s", (id) => {
  test.each(seeds)("holds in both directions, seed %s", async (seed) => {
    expect((await prove(library, library.exercise(id), seed)).problems).toEqual([]);
  });

  test("lies in the folder of its domain, and names the documentation", () => {
    const exercise = library.exercise(id);
    const folder = relative(library.folder, exercise.file).split(sep).at(-2);
    expect(folder).toBe(exercise.domain.id);
    expect(exercise.draw("1").explain).toMatch(/https:\/\/kubernetes\.io\/docs\//);
  });
});

test("every exercise has a host of its own", () => {
  const hosts = library.all().map((exercise) => exercise.draw("1").host);
  expect(new Set(hosts).size).toBe(hosts.length);
});

test("fixed exams and worlds can be read", () => {
  for (const name of library.paperNames) expect(library.paper(name).tasks.length).toBeGreaterThan(0);
  for (const name of library.worldNames) expect(library.world(name).plan("h").hosts.length).toBeGreaterThan(0);
});
