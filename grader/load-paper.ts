import type { Paper } from "./define.ts";
import { listOf, mapping, may, must, positive, readFields, text } from "./yaml/fields.ts";
import { fail, openYaml } from "./yaml/place.ts";

/** The pass mark of the exam, in per cent. */
export const PASS_MARK = 66;

const table = {
  title: must(text),
  minutes: may(positive),
  pass: may(positive),
  tasks: must(listOf(mapping({ exercise: must(text), weight: must(positive) }))),
};

/** Reads a fixed paper. Throws ExerciseError with file:line:column. */
export function loadPaper(source: string, file: string): Paper {
  const place = openYaml(source, file);
  const { title, minutes, pass = PASS_MARK, tasks } = readFields(place, table);
  const sum = tasks.reduce((total, task) => total + task.weight, 0);
  if (sum !== 100) fail(place, `the weights add up to ${sum}, not to 100`);
  const twice = tasks.find((task, i) => tasks.findIndex((other) => other.exercise === task.exercise) !== i);
  if (twice) fail(place, `${twice.exercise} is there twice`);
  return { id: file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, ""), title, minutes, pass, tasks };
}
