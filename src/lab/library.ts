import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Exercise, Paper } from "../../grader/define.ts";
import { loadExercise } from "../../grader/load.ts";
import { loadPaper } from "../../grader/load-paper.ts";
import { loadWorld, type WorldFile } from "../../grader/load-world.ts";
import { LabError } from "./lab-error.ts";

/** Everything under exercises/: read when it is asked for, because a small command needs little of it. */
export class Library {
  readonly folder: string;
  private readonly exercises = new Map<string, Exercise>();
  private readonly paths: ReadonlyMap<string, string>;

  constructor(folder: string = exercisesFolder()) {
    this.folder = folder;
    const files = yamlFiles(folder).filter((path) => !/^(worlds|exams)[\\/]/.test(relative(folder, path)));
    this.paths = new Map(files.map((path) => [nameOf(path), path] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (this.paths.size !== files.length) throw new LabError(`two exercises under ${folder} have the same name`);
  }

  /** All exercises by name. */
  get ids(): readonly string[] {
    return [...this.paths.keys()];
  }

  /** Throws LabError for an unknown exercise, ExerciseError for a broken one. */
  exercise(id: string): Exercise {
    const known = this.exercises.get(id);
    if (known) return known;
    const path = this.paths.get(id);
    if (path === undefined) throw new LabError(`there is no exercise ${id}; cka-lab list --ids names them`);
    const exercise = loadExercise(readFileSync(path, "utf8"), shownPath(path));
    this.world(exercise.world);
    this.exercises.set(id, exercise);
    return exercise;
  }

  all(): readonly Exercise[] {
    return this.ids.map((id) => this.exercise(id));
  }

  world(name: string): WorldFile {
    const path = join(this.folder, "worlds", `${name}.yaml`);
    if (!existsSync(path)) throw new LabError(`there is no world ${name}; there are ${this.worldNames.join(", ")}`);
    return loadWorld(readFileSync(path, "utf8"), shownPath(path));
  }

  get worldNames(): readonly string[] {
    return yamlFiles(join(this.folder, "worlds")).map(nameOf).sort();
  }

  get paperNames(): readonly string[] {
    return yamlFiles(join(this.folder, "exams")).map(nameOf).sort();
  }

  paper(name: string): Paper {
    const path = join(this.folder, "exams", `${name}.yaml`);
    if (!existsSync(path)) throw new LabError(`there is no exam ${name}; there are ${this.paperNames.join(", ")}`);
    const paper = loadPaper(readFileSync(path, "utf8"), shownPath(path));
    for (const { exercise } of paper.tasks) this.exercise(exercise);
    return paper;
  }
}

/** The folder beside the program: of the package, or of the source tree. */
function exercisesFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, "exercises");
    if (existsSync(join(candidate, "worlds"))) return candidate;
    if (folder === dirname(folder)) throw new LabError("the exercises that belong to cka-lab are missing");
  }
}

function yamlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return yamlFiles(path);
    return name.endsWith(".yaml") ? [path] : [];
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(sep) + 1, -".yaml".length);
}

/** As people name it: from where they are, where that is shorter. */
function shownPath(path: string): string {
  const near = relative(".", path);
  return near.startsWith("..") ? path : near;
}
