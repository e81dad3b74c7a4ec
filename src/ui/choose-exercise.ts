import { domains } from "../../grader/curriculum.ts";
import type { Library } from "../lab/library.ts";
import { choose } from "./screens/show.tsx";
import type { TerminalOwner } from "./terminal-owner.ts";

/** Lets an exercise be chosen: first the domain, then the exercise. undefined: none. */
export async function chooseExercise(owner: TerminalOwner, library: Library): Promise<string | undefined> {
  const exercises = library.all();
  const of = (domain: string) => exercises.filter((one) => one.domain.id === domain);
  let start = 0;
  for (;;) {
    const present = domains.filter(({ id }) => of(id).length > 0);
    const domain = await choose<string>(owner, {
      title: "Practise: which domain?",
      items: () =>
        present.map(({ id, title }) => {
          const count = of(id).length;
          return { label: title, detail: `${count} ${count === 1 ? "exercise" : "exercises"}`, value: id };
        }),
      start,
    });
    if (domain.value === undefined) return undefined;
    start = present.findIndex(({ id }) => id === domain.value);
    const exercise = await choose<string>(owner, {
      title: present[start]?.title ?? "",
      items: () =>
        of(domain.value ?? "").map(({ id, title, minutes }) => ({ label: title, detail: `${minutes} min`, value: id })),
    });
    if (exercise.value !== undefined) return exercise.value;
  }
}
