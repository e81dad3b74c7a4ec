import { openShell } from "../lab/attempts.ts";
import { openEditor } from "./editor-port.ts";
import { atTerminal, type Streams } from "./guard.ts";

export interface ShellOptions {
  readonly world?: string;
  readonly host?: string;
  readonly seed?: string;
  readonly streams?: Streams;
}

/** `cka-lab shell` at a terminal: a cluster without a task; `exit` ends it. Gives the shell's exit status. */
export function shell({ world, host, seed, streams }: ShellOptions = {}): Promise<number> {
  return atTerminal("a shell", { status: false, ...(streams && { streams }) }, async (owner) => {
    const lab = openShell({
      ...(world !== undefined && { world }),
      ...(host !== undefined && { host }),
      ...(seed !== undefined && { seed }),
      editor: (ask) => openEditor(ask, owner),
    });
    const status = await new Promise<number>((resolve, reject) => {
      owner.onSessionEnd = resolve;
      owner.show(lab.open({ columns: owner.columns, rows: owner.rows }));
      lab.start(reject);
    });
    await lab.stop();
    return { status };
  });
}
