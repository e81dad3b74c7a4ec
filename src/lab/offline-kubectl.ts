import { Clock } from "../base/clock.ts";
import { Random } from "../base/random.ts";
import { root } from "../machine/define-files.ts";
import { createFiles } from "../machine/files/create-files.ts";
import { Kernel } from "../machine/kernel.ts";
import { Machine } from "../machine/machine.ts";
import { kubectl } from "../programs/kubectl/index.ts";
import { textReader, textWriter } from "./text-files.ts";

export interface OfflineLine {
  readonly argv: readonly string[];
  readonly stdin: () => string;
  /** Files that the line names, as they stand on the real machine. */
  readonly files: ReadonlyMap<string, string>;
  readonly onOutput: (fd: 1 | 2, text: string) => void;
}

/** Whether a kubectl line can do without a cluster: it only makes or changes text. */
export function isOffline(argv: readonly string[]): boolean {
  if (argv.includes("--help") || argv.includes("-h") || argv[0] === "help" || argv.length === 0) return true;
  if (argv[0] === "create" || argv[0] === "run") return argv.includes("--dry-run=client");
  if (argv[0] === "version") return argv.includes("--client") || argv.includes("--client=true");
  return argv[0] === "options" || argv[0] === "completion" || argv.includes("--local") || argv.includes("--local=true");
}

/** Runs kubectl on a host that has nothing but kubectl. Returns its exit status. */
export function offlineKubectl({ argv, stdin, files: given, onOutput }: OfflineLine, now: number): number {
  const kernel = new Kernel(new Clock(now), new Random("offline"));
  const files = createFiles(kernel);
  files.mkdir("/root", root, { parents: true });
  for (const [path, text] of given) {
    const full = path.startsWith("/") ? path : `/root/${path}`;
    files.mkdir(full.slice(0, full.lastIndexOf("/")) || "/", root, { parents: true });
    files.write(full, text, root);
  }
  const machine = new Machine({
    kernel,
    name: "localhost",
    files,
    programs: new Map([["kubectl", kubectl]]),
    network: {
      dial: (_from, address, port) => ({ failed: "refused", because: `nothing listens on ${address}:${port}` }),
      resolve: (_from, name) =>
        /^[\d.]+$/.test(name)
          ? { addresses: [name] }
          : name === "localhost"
            ? { addresses: ["127.0.0.1"] }
            : { failed: "not found", because: "there is no network" },
    },
    net: ["127.0.0.1"],
  });
  const proc = machine.start({
    argv: ["kubectl", ...argv],
    env: new Map([
      ["HOME", "/root"],
      ["PATH", "/usr/bin"],
      ["USER", "root"],
    ]),
    cwd: "/root",
    credentials: root,
    terminal: null,
    group: "new",
    fds: new Map([
      [0, textReader(stdin)],
      [1, textWriter((text) => onOutput(1, text))],
      [2, textWriter((text) => onOutput(2, text))],
    ]),
    body: (self) => kubectl.run(self, argv),
  });
  while (proc.state !== "ended" && kernel.clock.runNext());
  return proc.status;
}
