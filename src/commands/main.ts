import { keepCompiledParts } from "./load-compiled.ts";
import { leaveWithReader, writeNow } from "./write-now.ts";

/** Set by the build. */
declare const CKA_LAB_VERSION: string | undefined;

/** The command line of cka-lab. Small commands load little: everything else is imported when it is asked for. */
async function main(argv: readonly string[]): Promise<void> {
  const [first] = argv;
  if (argv.length === 1 && (first === "--version" || first === "-V")) writeNow(1, `${await version()}\n`);
  else if (first === "kubectl") process.exitCode = await (await import("./run-kubectl.ts")).runKubectl(argv.slice(1));
  else {
    leaveWithReader();
    if (first === "shell" && argv.length === 1 && process.stdin.isTTY && process.stdout.isTTY) {
      const prompt = (await import("./early-prompt.ts")).earlyPrompt();
      process.exitCode = await (await import("./plain-shell.ts")).plainShell(prompt);
      return;
    }
    if (typeof CKA_LAB_VERSION !== "undefined") keepCompiledParts(CKA_LAB_VERSION);
    process.exitCode = await (await import("./program.ts")).runProgram(argv);
  }
}

async function version(): Promise<string> {
  return typeof CKA_LAB_VERSION === "undefined" ? (await import("../lab/version.ts")).version() : CKA_LAB_VERSION;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${complaint(error)}\n`);
  process.exitCode = 2;
});

/** One sentence for what went wrong outside the simulation; a fault of ours shows where it happened. */
function complaint(error: unknown): string {
  if (!(error instanceof Error)) return `cka-lab: ${String(error)}`;
  if (error.name === "LabError" || error.name === "ExerciseError") return `cka-lab: ${error.message}`;
  return `cka-lab: this is a fault of cka-lab, please report it\n${error.stack ?? error.message}`;
}
