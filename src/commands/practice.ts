import { type Define, endWith } from "./define.ts";

/** `cka-lab practice`: one exercise, without a clock, with hints. */
export const practice: Define = (command) => {
  command
    .argument("[id]", "an exercise, as cka-lab list names it")
    .option("--seed <seed>", "which variant")
    .option("--no-status", "no status row: the window's title shows the time")
    .action(async (id: string | undefined, options: { seed?: string; status: boolean }) => {
      const { practice: screens } = await import("../ui/practice.ts");
      endWith(await screens({ ...options, ...(id !== undefined && { id }) }));
    });
};
