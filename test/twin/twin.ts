import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { batch } from "../../src/lab/batch.ts";
import { type MadeWorld, makeWorld } from "../../src/lab/make-world.ts";
import { root } from "../../src/machine/define-files.ts";
import { type ServedWorld, serveWorld } from "../../src/wire/serve-world.ts";

/** What a command line printed, and its exit status. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const WORK = "/root/work";
/** How much faster the worlds' time goes while a command watches. */
const SPEED = 40;
/** What passes in both worlds after each line, in seconds. */
const AFTER = 15;

export const twinPlan = {
  name: "twin",
  hosts: [
    { name: "controlplane", role: "control-plane" },
    { name: "node-1", role: "worker" },
    { name: "node-2", role: "worker" },
  ],
} as const;

/** The newest real kubectl of at least 1.31: CKA_LAB_KUBECTL, or beside the one on the PATH (which may be a dispatcher). */
export function realKubectl(): string | undefined {
  if (process.env.CKA_LAB_KUBECTL) return process.env.CKA_LAB_KUBECTL;
  const beside = kubectlVersions();
  const newest = Math.max(...beside.keys());
  return newest >= 31 ? beside.get(newest) : onPath();
}

/** The files called kubectl.1.MINOR beside the kubectl on the PATH, by their minor version. */
export function kubectlVersions(): ReadonlyMap<number, string> {
  const first = onPath();
  if (!first) return new Map();
  const folder = dirname(realpathSync(first));
  return new Map(
    readdirSync(folder).flatMap((name) => {
      const minor = /^kubectl\.1\.(\d+)$/.exec(name)?.[1];
      return minor ? [[Number(minor), join(folder, name)] as const] : [];
    }),
  );
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "kubectl")).find((path) => existsSync(path));
}

/** A world in which ours runs alone. */
export class OneWorld {
  private readonly made: MadeWorld = makeWorld(twinPlan, "twin");

  constructor() {
    this.made.world.controlPlane.files.mkdir(WORK, root);
  }

  file(name: string, text: string): void {
    const { files } = this.made.world.controlPlane;
    const path = `${WORK}/${name}`;
    files.mkdir(path.slice(0, path.lastIndexOf("/")), root, { parents: true });
    files.write(path, text, root);
  }

  /** Runs a line; then some time passes. */
  async run(line: string): Promise<Printed> {
    const { world, ports } = this.made;
    const argv = ["-c", `cd ${WORK}; ${line}`];
    const printed = await batch(world, ports, world.controlPlane, { user: "root", argv, limits: { seconds: 600 } });
    world.advance(AFTER);
    return printed;
  }
}

/** A world that a real kubectl drives over HTTPS. */
export class RealWorld {
  private readonly made: MadeWorld;
  private readonly served: ServedWorld;
  private readonly folder: string;

  private constructor(made: MadeWorld, served: ServedWorld, folder: string) {
    this.made = made;
    this.served = served;
    this.folder = folder;
  }

  static async start(kubectl: string): Promise<RealWorld> {
    const made = makeWorld(twinPlan, "twin");
    const served = await serveWorld(made.world, 0, { whileStreaming: SPEED });
    const folder = mkdtempSync(join(tmpdir(), "cka-lab-twin-"));
    for (const name of ["bin", "home", "work"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "kubeconfig"), served.kubeconfig);
    // Under its usual name: a field manager that nobody named is called after the program.
    symlinkSync(kubectl, join(folder, "bin", "kubectl"));
    return new RealWorld(made, served, folder);
  }

  file(name: string, text: string): void {
    const path = join(this.folder, "work", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Runs a line; then some time passes. */
  async run(line: string): Promise<Printed> {
    const printed = await this.print(line);
    this.made.world.advance(AFTER);
    return printed;
  }

  private print(line: string): Promise<Printed> {
    const env = {
      PATH: `${join(this.folder, "bin")}${delimiter}/usr/bin${delimiter}/bin`,
      HOME: join(this.folder, "home"),
      KUBECONFIG: join(this.folder, "kubeconfig"),
      LANG: "C.UTF-8",
      TZ: "UTC",
    };
    return new Promise((resolve, reject) => {
      const child = spawn("bash", ["-c", line], {
        cwd: join(this.folder, "work"),
        env,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      // With all it started: an editor that waits for keys would keep the pipes open.
      const tooLate = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"), 60_000);
      const printed = { stdout: "", stderr: "", status: 0 };
      child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
      child.on("error", reject);
      child.on("close", (status) => {
        clearTimeout(tooLate);
        resolve({ ...printed, status: status ?? 124 });
      });
    });
  }

  async close(): Promise<void> {
    await this.served.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Two worlds of one seed: real kubectl drives one from outside, ours the other from inside. */
export class Twin {
  private readonly ours = new OneWorld();
  private readonly theirs: RealWorld;

  private constructor(theirs: RealWorld) {
    this.theirs = theirs;
  }

  static async start(kubectl: string): Promise<Twin> {
    return new Twin(await RealWorld.start(kubectl));
  }

  /** Puts a file where both kubectls find it under its name. */
  file(name: string, text: string): void {
    this.theirs.file(name, text);
    this.ours.file(name, text);
  }

  async run(line: string): Promise<{ real: Printed; ours: Printed }> {
    const real = await this.theirs.run(line);
    return { real: masked(real), ours: masked(await this.ours.run(line)) };
  }

  async close(): Promise<void> {
    await this.theirs.close();
  }
}

/** What differs between any two runs: generated names, addresses, times, ages and the port of the server. */
export function masked({ stdout, stderr, status }: Printed): Printed {
  return { stdout: mask(stdout), stderr: mask(stderr), status };
}

const masks: readonly (readonly [pattern: RegExp, shown: string])[] = [
  [/\/[^\s']*\/cka-lab-twin-[^/]+\/work\b/g, WORK],
  [/\bhttps:\/\/(127\.0\.0\.1|192\.168\.56\.10):\d+/g, "https://SERVER"],
  [/\b127\.0\.0\.1:\d+/g, "SERVER"],
  [/\b192\.168\.56\.10:6443/g, "SERVER"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "UID"],
  [/\bcontainerd:\/\/[0-9a-f]{64}/g, "CONTAINER"],
  [/\b[0-9a-f]{64}\b/g, "HEX"],
  [/\bcni-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "NETNS"],
  [/^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ /gm, "LOG "],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME"],
  // What nginx puts before a line of its error log, and its main log has of a request.
  [/\b\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\b/g, "TIME"],
  [/\b\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000/g, "TIME"],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000/g, "TIME"],
  // What kubectl diff compares: two temporary folders.
  [/\b(LIVE|MERGED)-\d+/g, "$1-N"],
  // A pod template's hash: it differs with restartedAt.
  [/-[bcdfghjklmnpqrstvwxz2456789]{8,10}(?=[-\s"]|$)/gm, "-HASH"],
  [/-[bcdfghjklmnpqrstvwxz2456789]{5}\b(?!-)/g, "-RAND"],
  [/\b10\.(244|9[6-9]|10\d|11[01])\.\d+\.\d+\b/g, "IP"],
  [/(resourceVersion"?: ?)"?\d+"?/g, "$1RV"],
  [/(Resource Version: +)\d+/g, "$1RV"],
  [/"continue": "[^"]+"/g, '"continue": "TOKEN"'],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} \+0000/g, "TIME"],
  // What klog puts before a line: time and process.
  [/^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ /gm, "$1 "],
  [/(?<=[\s(])(\d+[smhd])+(?=[\s)]|$)/gm, "AGE"],
  // How long a pull took, and how often an event came meanwhile: chance, and the pace of the real one.
  [/\b[\d.]+m?s \([\d.]+m?s including waiting\)/g, "DURATION"],
  [/\(x\d+ over AGE\)/g, "(xN over AGE)"],
];

function mask(text: string): string {
  let shown = text;
  for (const [pattern, to] of masks) shown = shown.replace(pattern, to);
  // Columns are as wide as their widest cell, and the cells just masked differ in width.
  return (
    shown
      .replace(/ {2,}/g, "  ")
      .replace(/-{3,}/g, "---")
      .replace(/[ \t]+$/gm, "")
      // Several reasons stand in the order of a Go map.
      .replace(
        /^(Warning: )(.+; .+)$/gm,
        (_line, head: string, reasons: string) => head + reasons.split("; ").sort().join("; "),
      )
  );
}
