import type { Handler, Plugin, SetupContext } from "../define.ts";
import { duration, onlyOnce, settingFault } from "./define.ts";

/** Plugins whose settings are read and checked, and which change nothing that can be seen here. */
function quiet(name: string, read: (context: SetupContext) => void): Plugin {
  return {
    name,
    setup(context): Handler | undefined {
      for (const _ of onlyOnce(context.words)) read(context);
      return undefined;
    },
  };
}

function noArguments({ words }: SetupContext): void {
  if (words.remainingArgs().length > 0) throw words.argumentFault();
}

/** bufsize: the longest UDP answer. */
export const bufsize = quiet("bufsize", ({ words }) => {
  const [size, ...more] = words.remainingArgs();
  const bad =
    more.length > 0 || (size !== undefined && (!/^\d+$/.test(size) || Number(size) < 512 || Number(size) > 4096));
  // It names itself twice (plugin/bufsize, 1.13).
  if (bad) throw settingFault(`plugin/bufsize: ${words.argumentFault().message}`);
});

/** cancel: a limit of time for each question. */
export const cancel = quiet("cancel", ({ words }) => {
  const args = words.remainingArgs();
  if (args.length > 1) throw words.argumentFault();
  if (args[0] !== undefined) duration(args[0]);
});

/** debug: crashes instead of recovering. */
export const debug = quiet("debug", noArguments);

/** metadata: values that other plugins read. */
export const metadata = quiet("metadata", ({ words }) => void words.remainingArgs());

/** nsid: the server's own name in answers to those that ask for it. */
export const nsid = quiet("nsid", ({ words }) => void words.remainingArgs());

/** timeouts: how long connections over TCP are kept. */
export const timeouts = quiet("timeouts", ({ words }) => {
  let count = 0;
  while (words.nextBlock()) {
    const name = words.value;
    const [span] = words.remainingArgs();
    if (name !== "read" && name !== "write" && name !== "idle") throw words.fault(`unknown option: '${name}'`);
    if (span === undefined) throw words.argumentFault();
    try {
      duration(span);
    } catch {
      throw words.fault(`failed to parse duration '${span}'`);
    }
    count++;
  }
  if (count === 0)
    throw settingFault(`plugin/timeouts: ${words.fault("timeouts block with no timeouts specified").message}`);
});
