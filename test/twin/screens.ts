import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type IPty, spawn } from "@lydell/node-pty";
import { type MadeWorld, makeWorld } from "../../src/lab/make-world.ts";
import { type ServedWorld, serveWorld } from "../../src/wire/serve-world.ts";
import { ownProgram } from "../wire/own-kubectl.ts";
import { masked, twinPlan } from "./twin.ts";

/** What one does at a terminal, or beside it, while a command runs there. */
type Act =
  | { readonly does: "await"; readonly shown: RegExp }
  | { readonly does: "type"; readonly keys: string }
  | { readonly does: "meanwhile"; readonly line: string }
  | { readonly does: "opened"; readonly what: "watches" | "sessions" };

/** A command line at a terminal, and what is done until it ends. */
interface Scene {
  readonly line: string;
  readonly acts: Act[];
}

/** What a file of screens/ holds: files for the working folder, lines that prepare the world, and scenes, in order. */
export interface Play {
  readonly files: ReadonlyMap<string, string>;
  readonly steps: readonly (Scene | string)[];
}

/**
 * Reads `$ preparing line`, `> line at a terminal` and what follows it: `< expression awaited`, `= keys` with JSON's
 * escapes, `! line run meanwhile`, `~ watches` until another is open, or `~ sessions`; also `file NAME` with its text behind `| `,
 * and `# remark`.
 */
export function readPlay(text: string): Play {
  const files = new Map<string, string>();
  const steps: (Scene | string)[] = [];
  let open = "";
  const act = (one: Act) => {
    const scene = steps.at(-1);
    if (typeof scene !== "object") throw new Error("an act before the first scene");
    scene.acts.push(one);
  };
  for (const line of text.split("\n")) {
    const [mark, rest] = [line.slice(0, 2), line.slice(2)];
    if (line.startsWith("file ")) open = line.slice(5);
    else if (mark === "| ") files.set(open, `${files.get(open) ?? ""}${rest}\n`);
    else if (mark === "$ ") steps.push(rest);
    else if (mark === "> ") steps.push({ line: rest, acts: [] });
    else if (mark === "< ") act({ does: "await", shown: new RegExp(rest) });
    else if (mark === "= ") act({ does: "type", keys: JSON.parse(`"${rest}"`) as string });
    else if (mark === "! ") act({ does: "meanwhile", line: rest });
    else if (line === "~ watches" || line === "~ sessions")
      act({ does: "opened", what: rest as "watches" | "sessions" });
    else if (line !== "" && mark !== "# ") throw new Error(`not understood: ${line}`);
  }
  return { files, steps };
}

/** How much faster a world's time goes while something streams from it. */
const SPEED = 20;
/** What passes after each step, in the world's seconds. */
const AFTER = 15;
/** How long a scene may take, in milliseconds. */
const PATIENCE = 40_000;

/** One served world and a terminal before it, with one kubectl on the PATH. */
export class Stage {
  private readonly world: MadeWorld["world"];
  private readonly served: ServedWorld;
  private readonly folder: string;
  private readonly real: string;

  private constructor(world: MadeWorld["world"], served: ServedWorld, folder: string, real: string) {
    this.world = world;
    this.served = served;
    this.folder = folder;
    this.real = real;
  }

  /** `whose` kubectl is at the terminal; lines beside it are always run by the real one. */
  static async open(real: string, whose: "real" | "ours"): Promise<Stage> {
    const { world } = makeWorld(twinPlan, "screens");
    const served = await serveWorld(world, 0, { whileStreaming: SPEED });
    const folder = mkdtempSync(join(tmpdir(), "cka-lab-twin-"));
    for (const name of ["real", "ours", "home", "work"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "kubeconfig"), served.kubeconfig);
    symlinkSync(real, join(folder, "real", "kubectl"));
    const program = join(folder, "ours", "kubectl");
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${await ownProgram()}' "$@"\n`);
    chmodSync(program, 0o755);
    return new Stage(world, served, folder, whose);
  }

  /** Plays it all; gives what each scene left on the terminal, masked, with its exit status. */
  async play({ files, steps }: Play): Promise<readonly Screen[]> {
    for (const [name, text] of files) writeFileSync(join(this.folder, "work", name), text);
    const screens: Screen[] = [];
    for (const step of steps) {
      if (typeof step === "string") await this.beside(step);
      else screens.push({ line: step.line, ...(await this.perform(step)) });
      this.world.advance(AFTER);
    }
    return screens;
  }

  async close(): Promise<void> {
    await this.served.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private environment(whose: string): Record<string, string> {
    return {
      PATH: [join(this.folder, whose), "/usr/bin", "/bin"].join(delimiter),
      HOME: join(this.folder, "home"),
      KUBECONFIG: join(this.folder, "kubeconfig"),
      LANG: "C.UTF-8",
      TZ: "UTC",
      TERM: "xterm",
      PS1: "$ ",
    };
  }

  private async beside(line: string): Promise<void> {
    const options = { cwd: join(this.folder, "work"), env: this.environment("real"), timeout: PATIENCE };
    await promisify(execFile)("bash", ["-c", line], options);
  }

  private async perform({ line, acts }: Scene): Promise<Omit<Screen, "line">> {
    const before = { ...this.served.opened };
    const shown = new Shown(line, join(this.folder, "work"), this.environment(this.real));
    for (const act of acts) {
      if (act.does === "type") shown.type(act.keys);
      else if (act.does === "meanwhile") await this.beside(act.line);
      else if (act.does === "opened") await shown.until(() => this.served.opened[act.what] > before[act.what]);
      else if (!(await shown.shows(act.shown))) break;
    }
    const status = await shown.ended();
    const text = shown.text.replaceAll("\r\n", "\n").replaceAll(LATE_RESIZE, "");
    return { text: masked({ stdout: text, stderr: "", status }).stdout, status };
  }
}

/** Said when a session ends before kubectl has told the size of its terminal: a race inside the real one. */
const LATE_RESIZE = /^.*\] "Unhandled Error" err="websocket: close sent"\n/gm;

/** What a scene left on the terminal. */
export interface Screen {
  readonly line: string;
  readonly text: string;
  readonly status: number;
}

/**
 * Runs the line, tells its exit status behind what it showed, and stays: when the leader of a terminal's session ends,
 * Linux drops what was not read yet and hangs up on the rest.
 */
const LEADER = 'trap : INT QUIT HUP; bash -c "$0"; printf "\\033]exit %d\\007" $?; exec sleep 100';
const EXIT = /\u001b]exit (\d+)\u0007/;

/** A line at a terminal, and everything that was written there. */
class Shown {
  text = "";
  private from = 0;
  private status: number | undefined;
  private readonly pty: IPty;
  private readonly giveUp = performance.now() + PATIENCE;

  constructor(line: string, cwd: string, env: Record<string, string>) {
    this.pty = spawn("bash", ["-c", LEADER, line], { cols: 200, rows: 50, cwd, env });
    this.pty.onData((part) => {
      this.text += part;
      const end = EXIT.exec(this.text);
      if (!end || this.status !== undefined) return;
      this.text = this.text.slice(0, end.index);
      this.status = Number(end[1]);
    });
  }

  type(keys: string): void {
    this.pty.write(keys);
  }

  /** Waits until something is shown that was not awaited before; false where the program ended or time is up. */
  shows(what: RegExp): Promise<boolean> {
    return this.until(() => {
      const found = what.exec(this.text.slice(this.from));
      if (found) this.from += found.index + found[0].length;
      return found !== null;
    });
  }

  /** Waits until it is so; false where the program ended or time is up. */
  async until(so: () => boolean): Promise<boolean> {
    while (!so()) {
      if (this.status !== undefined || performance.now() > this.giveUp) return false;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return true;
  }

  /** The exit status; 124 where it did not end in time. */
  async ended(): Promise<number> {
    await this.until(() => this.status !== undefined);
    const gone = new Promise((resolve) => this.pty.onExit(resolve));
    process.kill(-this.pty.pid, "SIGKILL");
    await gone;
    return this.status ?? 124;
  }
}
