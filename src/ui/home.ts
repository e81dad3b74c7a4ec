import { readJournal } from "../lab/journal.ts";
import { Library } from "../lab/library.ts";
import { AttemptStore } from "../lab/store.ts";
import { chooseExercise } from "./choose-exercise.ts";
import { exam } from "./exam.ts";
import { atTerminal } from "./guard.ts";
import { practice } from "./practice.ts";
import { resume } from "./resume.ts";
import type { ChoiceItem } from "./screens/choice.tsx";
import { choose } from "./screens/show.tsx";
import { shell } from "./shell.ts";
import type { Surroundings } from "./surroundings.ts";

/** What was chosen: it begins when the picker has given the terminal back. */
type Next = () => Promise<number>;

/** `cka-lab` alone at a terminal: what there is to do. Gives the exit status. */
export async function home(options: Surroundings = {}): Promise<number> {
  let next: Next | undefined;
  const status = await atTerminal("cka-lab", { ...options, status: false }, async (owner) => {
    const { library = new Library(), store = new AttemptStore() } = options;
    const items = entries({ ...options, library, store });
    for (;;) {
      const { value } = await choose<Next | "practice" | "quit">(owner, {
        title: "cka-lab",
        intro: "The CKA exam in your terminal, on simulated clusters.",
        items: () => items,
      });
      if (value === undefined || value === "quit") return { status: 0 };
      if (value !== "practice") {
        next = value;
        return { status: 0 };
      }
      const id = await chooseExercise(owner, library);
      if (id !== undefined) {
        next = () => practice({ ...options, id });
        return { status: 0 };
      }
    }
  });
  return next ? next() : status;
}

function entries(
  options: Surroundings & { library: Library; store: AttemptStore },
): ChoiceItem<Next | "practice" | "quit">[] {
  const { library, store } = options;
  const open = store.unfinished();
  const papers = library.paperNames.map((name) => ({ name, paper: library.paper(name) }));
  return [
    ...(open
      ? [
          {
            label: `Continue: ${readJournal(open.journal).head.paper.title}`,
            value: () => resume({ ...options, id: open.id }),
          },
        ]
      : []),
    { label: "Mock exam, drawn anew", value: () => exam(options) },
    ...papers.map(({ name, paper }) => ({
      label: paper.title,
      detail: `${paper.tasks.length} tasks${paper.minutes === undefined ? "" : `, ${paper.minutes} min`}`,
      value: () => exam({ ...options, paper: name }),
    })),
    { label: "Practise an exercise", value: "practice" as const },
    { label: "Playground: a cluster to try things out", value: () => shell(options) },
    { label: "Quit", value: "quit" as const },
  ];
}
