import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../grader/score.ts";
import { fileProblem, LabError } from "./lab-error.ts";

/** Where attempts are kept: CKA_LAB_HOME, or the place for a user's data on this system. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env.CKA_LAB_HOME) return env.CKA_LAB_HOME;
  const home = homedir();
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), "cka-lab");
  if (platform === "darwin") return join(home, "Library", "Application Support", "cka-lab");
  // An XDG path that is not absolute is to be ignored (XDG Base Directory Specification).
  const data = env.XDG_DATA_HOME?.startsWith("/") ? env.XDG_DATA_HOME : join(home, ".local", "share");
  return join(data, "cka-lab");
}

/** An attempt on disk. */
export interface StoredAttempt {
  readonly id: string;
  readonly folder: string;
  readonly journal: string;
  readonly finished: boolean;
}

/** The attempts of a user, each a folder with its journal and, when it is finished, its report. */
export class AttemptStore {
  readonly folder: string;

  constructor(folder: string = join(dataFolder(), "attempts")) {
    this.folder = folder;
  }

  /** Oldest first. */
  list(): readonly StoredAttempt[] {
    if (!existsSync(this.folder)) return [];
    const ids = this.work("read", () => readdirSync(this.folder)).sort();
    return ids.map((id) => this.at(id)).filter(({ journal }) => existsSync(journal));
  }

  at(id: string): StoredAttempt {
    const folder = join(this.folder, id);
    return { id, folder, journal: join(folder, "journal.jsonl"), finished: existsSync(join(folder, "report.json")) };
  }

  /** The newest attempt that is not finished. */
  unfinished(): StoredAttempt | undefined {
    return this.list().findLast(({ finished }) => !finished);
  }

  /** Makes the folder of a new attempt, named by the time of its beginning. */
  create(now: Date): StoredAttempt {
    const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
    return this.work("write", () => {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      for (let i = 0; ; i++) {
        const id = i === 0 ? stamp : `${stamp}-${i}`;
        if (existsSync(join(this.folder, id))) continue;
        mkdirSync(join(this.folder, id), { mode: 0o700 });
        return this.at(id);
      }
    });
  }

  saveReport(id: string, report: Report): void {
    const { folder } = this.at(id);
    this.work("write", () => writeFileSync(join(folder, "report.json"), `${JSON.stringify(report, undefined, 2)}\n`));
  }

  report(id: string): Report | undefined {
    const { folder, finished } = this.at(id);
    if (!finished) return undefined;
    return this.work("read", () => JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Report);
  }

  private work<T>(verb: "read" | "write", work: () => T): T {
    try {
      return work();
    } catch (error) {
      const hint = verb === "write" ? "; CKA_LAB_HOME names another folder" : "";
      throw new LabError(`cannot ${verb} ${this.folder}: ${fileProblem(error)}${hint}`);
    }
  }
}
