import { type Define, endWith } from "./define.ts";

/** `cka-lab kubectl …`; the command line itself goes around commander, so this is for the help. */
export const kubectl: Define = (command) => {
  command
    .argument("[arguments...]", "as for kubectl")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (argv: string[]) => {
      const { runKubectl } = await import("./run-kubectl.ts");
      endWith(await runKubectl(argv));
    });
};
