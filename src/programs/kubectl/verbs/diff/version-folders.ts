import type { JsonObject } from "../../../../base/json.ts";
import { toYaml } from "../../../../base/yaml-out.ts";
import { Errno, type Task } from "../../../../machine/define.ts";
import { startCommand } from "../../../../machine/exec.ts";
import type { Context } from "../../context.ts";
import { CommandFault } from "../../faults.ts";

/** Two new folders under /tmp, LIVE-… and MERGED-…, with a file for each object; the world's diff program compares them. */
export class VersionFolders {
  private readonly context: Context;
  private readonly live: string;
  private readonly merged: string;

  constructor(context: Context) {
    this.context = context;
    this.live = this.folder("LIVE");
    this.merged = this.folder("MERGED");
  }

  private folder(name: string): string {
    const { proc } = this.context;
    const number = 100_000_000 + proc.machine.kernel.random.below(4_000_000_000);
    const path = `${(proc.env.get("TMPDIR") || "/tmp").replace(/\/$/, "")}/${name}-${number}`;
    proc.machine.files.mkdir(path, proc.credentials, { mode: 0o700 });
    return path;
  }

  add(name: string, live: JsonObject | undefined, merged: JsonObject | undefined): void {
    this.write(`${this.live}/${name}`, live ? toYaml(live) : "");
    this.write(`${this.merged}/${name}`, merged ? toYaml(merged) : "");
  }

  /** What was there and would be pruned. */
  addPruned(name: string, live: JsonObject): void {
    this.write(`${this.live}/${name}`, toYaml(live));
  }

  private write(path: string, text: string): void {
    const { proc } = this.context;
    proc.machine.files.write(path, text, proc.credentials, { mode: 0o700 });
  }

  /** Runs diff, or what KUBECTL_EXTERNAL_DIFF names; 0 where nothing differs and 1 where something does. */
  *compare(): Task<number> {
    const { context } = this;
    const { proc } = context;
    const argv = commandOf(proc.env.get("KUBECTL_EXTERNAL_DIFF") ?? "", this.live, this.merged);
    const name = JSON.stringify(argv[0] ?? "");
    yield* context.output.flush();
    let status: number;
    try {
      status = yield* proc.waitFor(startCommand(proc, argv));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new CommandFault(`failed to run ${name}: executable file not found in $PATH`);
    }
    if (status > 1) throw new CommandFault(`failed to run ${name}: exit status ${status}`);
    return status;
  }

  remove(): void {
    const { files } = this.context.proc.machine;
    const who = this.context.proc.credentials;
    for (const folder of [this.live, this.merged]) {
      if (!files.find(folder, who)) continue;
      for (const name of files.list(folder, who)) files.unlink(`${folder}/${name}`, who);
      files.rmdir(folder, who);
    }
  }
}

/** Words of KUBECTL_EXTERNAL_DIFF with other signs than letters, digits, - and = are left out (cmd/diff, 1.33). */
function commandOf(external: string, live: string, merged: string): readonly string[] {
  if (external === "") return ["diff", "-u", "-N", live, merged];
  const [program = "", ...words] = external.split(" ");
  return [program, live, merged, ...words.filter((word) => /^[a-zA-Z0-9\-=]+$/.test(word))];
}
