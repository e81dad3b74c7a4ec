import { type Define, endWith } from "./define.ts";

/** `cka-lab practice`: one exercise, without a clock, with hints. */
export const practice: Define = (command) => {
  command
    .argument("[id]", "an exercise, as cka-lab list names it")
    .option("--seed <seed>", "which variant")
    .action(async (id: string | undefined, { seed }: { seed?: string }) => {
      const { practice: screens } = await import("../ui/practice.ts");
      endWith(await screens({ ...(id !== undefined && { id }), ...(seed !== undefined && { seed }) }));
    });
};
