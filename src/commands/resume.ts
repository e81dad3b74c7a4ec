import { type Define, endWith } from "./define.ts";

/** `cka-lab resume`: an attempt as it was left, with its clock. */
export const resume: Define = (command) => {
  command
    .argument("[attempt]", "an attempt; the newest unfinished one where left out")
    .option("--no-status", "no status row: the window's title shows the time")
    .action(async (id: string | undefined, options: { status: boolean }) => {
      const { resume: screens } = await import("../ui/resume.ts");
      endWith(await screens({ ...options, ...(id !== undefined && { id }) }));
    });
};
