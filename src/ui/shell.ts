import { openShell } from "../lab/attempts.ts";
import { firstPrompt } from "../lab/first-prompt.ts";
import { usualHost } from "../lab/usual-world.ts";
import type { LineRequest } from "../machine/terminal.ts";
import { attemptOptions } from "./attempt-options.ts";
import { atTerminal } from "./guard.ts";
import type { Surroundings } from "./surroundings.ts";

export interface ShellOptions extends Surroundings {
  readonly world?: string;
  readonly host?: string;
  readonly seed?: string;
  /** The first prompt, where it was made already. */
  readonly prompt?: LineRequest;
}

/** `cka-lab shell` at a terminal: a cluster without a task; `exit` ends it. Gives the shell's exit status. */
export function shell(options: ShellOptions = {}): Promise<number> {
  return atTerminal("a shell", { ...options, status: false }, async (owner) => {
    const { world, host, seed } = options;
    const lab = openShell({
      ...attemptOptions(owner, options),
      ...(world !== undefined && { world }),
      ...(host !== undefined && { host }),
      ...(seed !== undefined && { seed }),
    });
    const prompt = options.prompt ?? firstPrompt(host ?? usualHost);
    if (prompt) owner.expect(prompt);
    try {
      const status = await new Promise<number>((resolve, reject) => {
        owner.onSessionEnd = resolve;
        owner.show(lab.open({ columns: owner.columns, rows: owner.rows }));
        lab.start(reject);
      });
      return { status };
    } finally {
      await lab.stop();
    }
  });
}
