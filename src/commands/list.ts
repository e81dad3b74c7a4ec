import { domains } from "../../grader/curriculum.ts";
import { Library } from "../lab/library.ts";
import type { Define } from "./define.ts";

/** `cka-lab list`: exercises by domain, exams, worlds. */
export const list: Define = (command) => {
  command.option("--ids", "only the names of the exercises, one a line").action((options: { ids?: boolean }) => {
    const library = new Library();
    process.stdout.write(options.ids ? library.ids.map((id) => `${id}\n`).join("") : overview(library));
  });
};

function overview(library: Library): string {
  const exercises = library.all();
  const width = Math.max(...exercises.map(({ id }) => id.length));
  const present = domains.filter(({ id }) => exercises.some(({ domain }) => domain.id === id));
  const blocks = present.map(({ id: wanted, title }) => {
    const mine = exercises.filter(({ domain }) => domain.id === wanted);
    const lines = mine.map(
      ({ id, competency, minutes, title: name }) =>
        `  ${id.padEnd(width)}  ${competency}  ${`${minutes} min`.padStart(6)}  ${name}\n`,
    );
    return `${title}\n${lines.join("")}`;
  });
  const papers = library.paperNames.map((name) => {
    const { title, minutes, tasks } = library.paper(name);
    return `  ${name.padEnd(width)}  ${tasks.length} tasks${minutes === undefined ? "" : `, ${minutes} min`}  ${title}\n`;
  });
  const worlds = library.worldNames.map((name) => `  ${name.padEnd(width)}  ${library.world(name).description}\n`);
  return [...blocks, `Exams\n${papers.join("")}`, `Worlds\n${worlds.join("")}`].join("\n");
}
