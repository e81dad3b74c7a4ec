import type { Program, Task } from "../../../src/machine/define.ts";
import { root } from "../../../src/machine/define-files.ts";
import { startCommand } from "../../../src/machine/exec.ts";
import type { Process } from "../../../src/machine/process.ts";
import { textPrograms } from "../../../src/programs/text/index.ts";
import { makeHost } from "../../machine/harness.ts";

/** One line to be run by a real tool and by ours. No shell: words, quotes, nothing else. */
export interface TextCase {
  readonly run: string;
  readonly stdin?: string;
  /** Beside the usual files. */
  readonly files?: Readonly<Record<string, string>>;
  /** Files whose text afterwards is compared too. */
  readonly after?: readonly string[];
  /** Compared only where the tests run as root: owners are shown. */
  readonly root?: true;
  /** The order of lines on stdout is the file system's: compared sorted. */
  readonly sorted?: true;
  /** Our run alone is compared with the recording: where the real tool's output depends on the machine. */
  readonly recordedOnly?: true;
}

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly after?: Readonly<Record<string, string | null>>;
}

/** Modification times of the files of a case: 2020-01-01 and one hour more for each. */
export const FILE_TIME = 1_577_836_800;

/** What every case finds in its folder. */
export const usualFiles: Readonly<Record<string, string>> = {
  "fruit.txt": "apple 5\nbanana 12\ncherry 7\napple 3\ndate 20\n",
  "empty.txt": "",
  "nonl.txt": "one\ntwo\nthree",
  "numbers.txt": "10\n9\n2\n33\n1\n-5\n2.5\n1e2\n",
  passwd:
    "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\ncandidate:x:1000:1000:,,,:/home/candidate:/bin/bash\n",
  "pod.yaml":
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    app: web\nspec:\n  containers:\n  - name: nginx\n    image: nginx:1.27\n    ports:\n    - containerPort: 80\n",
  "pods.txt":
    "NAME       READY   STATUS             RESTARTS   AGE\nweb-1      1/1     Running            0          5m\nweb-2      0/1     CrashLoopBackOff   12         3d\ndb-0       1/1     Running            1          10h\n",
  "log.txt": "INFO start\nERROR disk full\nINFO retry\nWARN slow\nERROR timeout\nINFO done\n",
  "csv.txt": "name,age,city\nann,30,Oslo\nbob,25,Rome\ncid,35,Bern\n",
  "tabs.txt": "a\tb\tc\n1\t2\t3\n",
  "dir/one.txt": "one\nfoo\n",
  "dir/two.log": "two\nbar\n",
  "dir/sub/three.txt": "three\nfoo bar\n",
};

/** Splits a line into words as a shell would, with '…', "…" and $'…' but without any expansion. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  const pattern = /\s*((?:\$'(?:[^'\\]|\\.)*'|'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+)/gs;
  for (const [, word = ""] of line.matchAll(pattern)) {
    words.push(
      word.replace(
        /\$'((?:[^'\\]|\\.)*)'|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
        (_, ansi, single, double, escaped) => {
          if (ansi !== undefined)
            return ansi.replace(/\\(.)/g, (_all: string, c: string) => ({ n: "\n", t: "\t" })[c] ?? c);
          return single ?? escaped ?? double.replace(/\\(["\\$`])/g, "$1");
        },
      ),
    );
  }
  return words;
}

/** Stands for sh -c: words parted by blanks, commands by semicolons, and exit. */
const sh: Program = {
  name: "sh",
  *run(proc, argv) {
    let status = 0;
    for (const command of (argv[1] ?? "").split(";")) {
      const words = wordsOf(command);
      if (words[0] === "exit") return Number(words[1] ?? 0);
      if (words.length > 0) status = yield* runWords(proc, words);
    }
    return status;
  },
};

function* runWords(proc: Process, words: readonly string[]): Task<number> {
  return yield* proc.waitFor(startCommand(proc, words));
}

/** find -print0 and -exec … + put several names on a line. */
export function sortedIf({ sorted }: TextCase, text: string): string {
  if (!sorted) return text;
  const parts = text.split(/([\n\0 ])/);
  return parts.sort().join("");
}

/** Runs a case on a simulated host. */
export function runOurs(given: TextCase): Outcome {
  const host = makeHost({ programs: [...textPrograms, sh] });
  const { files } = host;
  files.mkdir("/etc", root);
  files.write("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n", root);
  files.write("/etc/group", "root:x:0:\nnogroup:x:65534:\n", root);
  const folder = "/tmp/case";
  files.mkdir(folder, root);
  let at = FILE_TIME;
  for (const [name, text] of Object.entries({ ...usualFiles, ...given.files })) {
    const path = `${folder}/${name}`;
    files.mkdir(path.slice(0, path.lastIndexOf("/")), root, { parents: true });
    files.write(path, text, root);
    files.setModified(path, at * 1e6, root);
    at += 3600;
  }
  for (const name of ["dir/sub", "dir"]) files.setModified(`${folder}/${name}`, FILE_TIME * 1e6, root);
  const { status, stdout, stderr } = host.run(wordsOf(given.run), {
    cwd: folder,
    env: { LC_ALL: "C.UTF-8", TZ: "UTC", TERM: "xterm-256color" },
    ...(given.stdin === undefined ? {} : { stdin: given.stdin }),
  });
  if (!given.after) return { status, stdout: sortedIf(given, stdout), stderr };
  const read = (name: string) => {
    const stat = files.find(`${folder}/${name}`, root, { follow: false });
    return stat ? (stat.kind === "file" ? files.read(`${folder}/${name}`, root) : stat.kind) : null;
  };
  return { status, stdout, stderr, after: Object.fromEntries(given.after.map((name) => [name, read(name)])) };
}
