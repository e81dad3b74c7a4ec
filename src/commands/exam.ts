import { type Define, endWith } from "./define.ts";

interface Options {
  readonly paper?: string;
  readonly seed?: string;
  readonly status: boolean;
}

/** `cka-lab exam`: a fixed paper, or one drawn by a seed. */
export const exam: Define = (command) => {
  command
    .argument("[paper]", "a fixed exam, as cka-lab list names it; drawn by chance where left out")
    .option("--seed <seed>", "which exam and which variants; the same seed gives the same exam")
    .option("--no-status", "no status row: the window's title shows the time")
    .action(async (paper: string | undefined, options: Options) => {
      const { exam: screens } = await import("../ui/exam.ts");
      endWith(await screens({ ...options, ...(paper !== undefined && { paper }) }));
    });
};
