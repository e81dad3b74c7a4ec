import type { Json } from "../src/base/json.ts";
import { isObject } from "../src/base/json-object.ts";
import { Random } from "../src/base/random.ts";
import { checks } from "./checks/index.ts";
import { domainOf, isCompetency } from "./curriculum.ts";
import type { Attempted, Exercise, NearMiss, Task, TaskCheck } from "./define.ts";
import { count, flag, json, listOf, may, must, positive, readFields, script, text } from "./yaml/fields.ts";
import { entriesOf, fail, itemsOf, openYaml, type Place, positionOf, withParameters } from "./yaml/place.ts";

const same = (place: Place): Place => place;

/** The keys of an exercise file. Values are read again with every draw, because they may hold parameters. */
const table = {
  title: must(text),
  competency: must(text),
  weight: must(positive),
  minutes: must(positive),
  points: may(positive),
  host: must(text),
  world: must(text),
  setup: may(script),
  settle: may(count),
  task: must(text),
  checks: must(same),
  hints: may(listOf(text)),
  solution: must(script),
  explain: must(text),
  also: may(same),
  wrong: must(same),
  variants: may(same),
};

/** How long a world runs after the setup where the exercise says nothing, in seconds. */
const SETTLE = 30;

/** Reads an exercise file and tries all values of its parameters. Throws ExerciseError with file:line:column. */
export function loadExercise(source: string, file: string): Exercise {
  const place = openYaml(source, file);
  const id = file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, "");
  const variants = variantsOf(place);
  const rounds = Math.max(1, ...variants.map(([, values]) => values.length));
  const [first] = Array.from({ length: rounds }, (_, round) =>
    readTask(place, id, new Map(variants.map(([name, values]) => [name, values[round % values.length] ?? null]))),
  );
  const { title, competency, domain, weight, minutes, world } = first as Task;
  return {
    id,
    file,
    title,
    competency,
    domain,
    weight,
    minutes,
    world,
    draw(seed) {
      const random = new Random(`${seed}/${id}`);
      return readTask(place, id, new Map(variants.map(([name, values]) => [name, random.pick(values)])));
    },
  };
}

/** `variants`: a list of values for each parameter; a value may be a mapping, whose parts are ${name.part}. */
function variantsOf(place: Place): readonly (readonly [name: string, values: readonly Json[]])[] {
  const variants = entriesOf(place).find(([key]) => key === "variants")?.[2];
  if (!variants) return [];
  return entriesOf(variants).map(([name, at, values]) => {
    if (!/^[A-Za-z]\w*$/.test(name) || name === "host") fail(at, `${name} is no name for a parameter`);
    const items = itemsOf(values);
    if (items.length === 0) fail(values, `${name} has no values`);
    return [name, items.map(json)];
  });
}

function readTask(file: Place, id: string, drawn: ReadonlyMap<string, Json>): Task {
  const plain = Object.fromEntries(drawn);
  const hostPlace = entriesOf(file).find(([key]) => key === "host")?.[2];
  const host = hostPlace ? text(withParameters(hostPlace, plain)) : "";
  const place = withParameters(file, { ...plain, host });
  const values = readFields(place, table);
  const { competency, hints = [], setup = "", settle = SETTLE } = values;
  if (!isCompetency(competency)) return fail(place, `competency ${competency} is none of the curriculum's`);
  const taskChecks = itemsOf(values.checks).map(readCheck);
  const points = taskChecks.reduce((sum, check) => sum + check.points, 0);
  if (taskChecks.length === 0) fail(values.checks, "there is no check");
  if (values.points !== undefined && values.points !== points)
    fail(place, `the points of the checks add up to ${points}, not to ${values.points}`);
  uniqueSays(taskChecks, values.checks);
  const { title, weight, minutes, world, solution, explain } = values;
  return {
    ...{ id, title, competency, domain: domainOf(competency), weight, minutes, host, world, setup, settle },
    text: values.task,
    checks: taskChecks,
    hints,
    solution,
    explain,
    also: values.also ? readAlso(values.also) : [],
    wrong: readWrong(values.wrong, taskChecks),
    parameters: parametersShown(plain),
  };
}

function parametersShown(drawn: Readonly<Record<string, Json>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(drawn).map(([name, value]) => [name, String(isObject(value) ? Object.values(value)[0] : value)]),
  );
}

function uniqueSays(all: readonly TaskCheck[], place: Place): void {
  const seen = new Set<string>();
  for (const { says } of all) {
    if (seen.has(says)) fail(place, `two checks say "${says}"`);
    seen.add(says);
  }
}

/** One check: says and points, and the keys of the one kind that it is. */
function readCheck(place: Place): TaskCheck {
  const keys = entriesOf(place).map(([key]) => key);
  const kind = checks.find(({ name }) => keys.includes(name));
  if (!kind) fail(place, `a check needs one of ${checks.map(({ name }) => name).join(", ")}`);
  const {
    says,
    points,
    keeps = false,
    ...values
  } = readFields(place, { says: must(text), points: must(positive), keeps: may(flag), ...kind.fields });
  const problem = kind.problem?.(values);
  if (problem !== undefined) fail(place, problem);
  return { says, points, keeps, at: positionOf(place), examine: (view) => kind.examine(view, values) };
}

function readAlso(place: Place): readonly Attempted[] {
  return entriesOf(place).map(([name, , run]) => ({ name, run: script(run) }));
}

function readWrong(place: Place, all: readonly TaskCheck[]): readonly NearMiss[] {
  return entriesOf(place).map(([name, , value]) => {
    const { run, fails } = readFields(value, { run: must(script), fails: must(same) });
    const named = itemsOf(fails).map((item) => {
      const says = text(item);
      return all.some((check) => check.says === says) ? says : fail(item, `no check says "${says}"`);
    });
    if (named.length === 0) fail(fails, `${name} fails no check`);
    return { name, run, fails: named };
  });
}
