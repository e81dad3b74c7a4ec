import type { Define } from "./define.ts";

/** A command of cka-lab: what the help says, and the file that knows the rest. */
interface Entry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Define>;
}

/** All commands, in the order of the help. */
export const commands: readonly Entry[] = [
  { name: "exam", summary: "sit a mock exam against the clock", load: async () => (await import("./exam.ts")).exam },
  { name: "practice", summary: "work on one exercise", load: async () => (await import("./practice.ts")).practice },
  { name: "resume", summary: "go on with an attempt", load: async () => (await import("./resume.ts")).resume },
  { name: "shell", summary: "a cluster to play with", load: async () => (await import("./shell.ts")).shell },
  { name: "list", summary: "the exercises, exams and worlds", load: async () => (await import("./list.ts")).list },
  {
    name: "grade",
    summary: "grade submissions, for example in CI",
    load: async () => (await import("./grade.ts")).grade,
  },
  {
    name: "prove",
    summary: "prove exercises in both directions",
    load: async () => (await import("./prove.ts")).prove,
  },
  {
    name: "kubectl",
    summary: "one kubectl line in a fresh cluster",
    load: async () => (await import("./kubectl.ts")).kubectl,
  },
  {
    name: "serve",
    summary: "a cluster's API for real clients",
    load: async () => (await import("./serve-options.ts")).serveOptions,
  },
];
