import { type Define, endWith } from "./define.ts";

interface Options {
  readonly paper?: string;
  readonly seed?: string;
}

/** `cka-lab exam`: a fixed paper, or one drawn by a seed. */
export const exam: Define = (command) => {
  command
    .argument("[paper]", "a fixed exam, as cka-lab list names it; drawn by chance where left out")
    .option("--seed <seed>", "which exam and which variants; the same seed gives the same exam")
    .action(async (paper: string | undefined, { seed }: Options) => {
      const { exam: screens } = await import("../ui/exam.ts");
      endWith(await screens({ ...(paper !== undefined && { paper }), ...(seed !== undefined && { seed }) }));
    });
};
