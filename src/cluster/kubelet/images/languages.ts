import type { Program, Task } from "../../../machine/define.ts";
import { Errno } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import type { Image } from "./define.ts";
import { untilStopped } from "./until-stopped.ts";
import { webPages } from "./web-pages.ts";

/** A language's interpreter or compiler, of which only the version can be asked. */
function interpreter(name: string, also: readonly string[], options: readonly string[], version: string): Program {
  return {
    name,
    also,
    folder: "/usr/local/bin",
    *run(proc, argv) {
      if (argv.length > 0 && options.includes(argv[0] ?? "")) {
        yield* proc.write(1, `${version}\n`);
        return 0;
      }
      yield* proc.write(2, `${name}: running programs of this language is not simulated\n`);
      return 1;
    },
  };
}

function* python(proc: Process, argv: readonly string[]): Task<number> {
  if (argv[0] === "--version" || argv[0] === "-V") {
    yield* proc.write(1, "Python 3.14.0\n");
    return 0;
  }
  const at = argv.indexOf("-m");
  if (at < 0 || argv[at + 1] !== "http.server") {
    yield* proc.write(2, "python3: running programs of this language is not simulated, but for -m http.server\n");
    return 1;
  }
  const rest = argv.slice(at + 2);
  const given = rest.indexOf("--directory") >= 0 ? rest.indexOf("--directory") : rest.indexOf("-d");
  const folder = given < 0 ? proc.cwd : (rest[given + 1] ?? proc.cwd);
  const port = Number(rest.find((word) => /^\d+$/.test(word)) ?? 8000);
  const page = (status: number, words: string) =>
    `<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <title>Error response</title>\n    </head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: ${status}</p>\n        <p>Message: ${words}.</p>\n    </body>\n</html>\n`;
  const http = webPages(
    proc,
    folder === "/" ? "" : folder,
    page,
    (request, status) => `${request.from ?? ""} - - "${request.method} ${request.path} HTTP/1.1" ${status} -`,
    "SimpleHTTP/0.6 Python/3.14.0",
  );
  try {
    proc.machine.listen({ proc, address: "0.0.0.0", port, protocol: "TCP", http });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* proc.write(2, `OSError: [Errno 98] ${error.message}\n`);
    return 1;
  }
  yield* proc.write(1, `Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...\n`);
  // The first process of a container has no handler for TERM in Python: only INT and KILL end it.
  yield* untilStopped(proc, ["INT"]);
  yield* proc.write(1, "\nKeyboard interrupt received, exiting.\n");
  return 0;
}

const python3: Program = { name: "python3", also: ["python"], folder: "/usr/local/bin", run: python };

function withAlpine(tags: readonly string[]): readonly string[] {
  return [
    ...tags,
    ...tags.map((tag) => (tag === "latest" ? "alpine" : `${tag}-alpine`)),
    ...tags.filter((tag) => tag !== "latest").map((tag) => `${tag}-slim`),
    "slim",
  ];
}

const byTag = (tag: string): Partial<Image> =>
  tag.includes("alpine") ? { userland: "busybox", size: 20_000_000 } : {};

/** Images of programming languages: their shells and tools are there, running programs is not simulated. */
export const languages: readonly Image[] = [
  {
    repository: "docker.io/library/python",
    tags: withAlpine(["latest", "3", "3.14", "3.13", "3.12", "3.11", "3.10", "3.9", "3.8"]),
    size: 380_000_000,
    cmd: ["python3"],
    programs: [python3],
    userland: "debian",
    byTag,
  },
  {
    repository: "docker.io/library/node",
    tags: withAlpine(["latest", "lts", "25", "24", "22", "20", "18", "16"]),
    size: 390_000_000,
    cmd: ["node"],
    programs: [interpreter("node", [], ["-v", "--version"], "v25.2.1")],
    userland: "debian",
    byTag,
  },
  {
    repository: "docker.io/library/golang",
    tags: withAlpine(["latest", "1", "1.25", "1.24", "1.23", "1.22"]),
    size: 300_000_000,
    cmd: ["bash"],
    programs: [interpreter("go", [], ["version"], "go version go1.25.4 linux/amd64")],
    userland: "debian",
    workingDir: "/go",
    byTag,
  },
  {
    repository: "docker.io/library/eclipse-temurin",
    tags: withAlpine(["latest", "25", "21", "17", "11", "8"]),
    size: 200_000_000,
    cmd: ["jshell"],
    programs: [interpreter("java", ["jshell"], ["-version", "--version"], 'openjdk version "25.0.1" 2025-10-21 LTS')],
    userland: "debian",
    byTag,
  },
  {
    repository: "docker.io/library/ruby",
    tags: withAlpine(["latest", "3", "3.4", "3.3", "3.2"]),
    size: 370_000_000,
    cmd: ["irb"],
    programs: [
      interpreter(
        "ruby",
        ["irb"],
        ["-v", "--version"],
        "ruby 3.4.7 (2025-10-08 revision 7a5688e2a2) +PRISM [x86_64-linux]",
      ),
    ],
    userland: "debian",
    byTag,
  },
];
