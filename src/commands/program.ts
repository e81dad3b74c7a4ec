import { Command, CommanderError } from "commander";
import { version } from "../lab/version.ts";
import { commands } from "./index.ts";

const about = `The CKA exam in your terminal: mock exams on simulated Kubernetes clusters, offline.

  cka-lab exam             sit a mock exam
  cka-lab list             see what there is to practise
  cka-lab practice ID      work on one exercise
  cka-lab shell            get a cluster and try things out
  cka-lab grade FOLDER     grade scripts, for example in CI

cka-lab --help names everything.
`;

/** Runs a command line of cka-lab and gives the exit status. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  if (argv.length === 0) {
    if (process.stdin.isTTY && process.stdout.isTTY) return (await import("../ui/home.ts")).home();
    process.stdout.write(about);
    return 0;
  }
  const program = new Command("cka-lab")
    .description("The CKA exam in your terminal: mock exams on simulated Kubernetes clusters, offline.")
    .version(version())
    .enablePositionalOptions()
    .exitOverride();
  const asked = argv[0] === "help" ? argv[1] : argv[0];
  for (const { name, summary, load } of commands) {
    const command = program.command(name).description(summary).exitOverride();
    if (name === asked) (await load())(command);
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return Number(process.exitCode ?? 0);
}
