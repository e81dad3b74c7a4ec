import type { Paper } from "../../grader/define.ts";
import type { Micros } from "../base/clock.ts";
import { claim } from "./claim.ts";
import type { EditorPort } from "./define.ts";
import { ExamAttempt } from "./exam-attempt.ts";
import { WorldPorts } from "./host-ports.ts";
import { Journal, readJournal } from "./journal.ts";
import { LabError } from "./lab-error.ts";
import { Library } from "./library.ts";
import { LiveLab } from "./live-lab.ts";
import { makeWorld } from "./make-world.ts";
import type { HostClock } from "./pace.ts";
import { AttemptStore } from "./store.ts";
import { usualHost, usualSeed, usualWorld } from "./usual-world.ts";
import { version } from "./version.ts";

/** What the screen's owner lends, and what tests replace. */
export interface AttemptOptions {
  readonly editor?: EditorPort;
  readonly library?: Library;
  readonly store?: AttemptStore;
  readonly clock?: HostClock;
  /** The wall's time; now where left out. */
  readonly now?: Date;
}

/** Begins an attempt: an exam, or one exercise for practice. It is kept on disk from now on. */
export function beginAttempt(
  kind: "exam" | "practice",
  paper: Paper,
  seed: string,
  options: AttemptOptions = {},
): ExamAttempt {
  const { library = new Library(), store = new AttemptStore(), now = new Date(), editor, clock } = options;
  const { id, folder, journal: path } = store.create(now);
  claim(id, folder);
  const start: Micros = now.getTime() * 1000;
  const journal = Journal.create(path, { journal: 1, version: version(), id, kind, paper, seed, start });
  return new ExamAttempt({ library, id, paper, seed, start, editor, journal, store, clock });
}

/** Brings an attempt back as it was, with its clock. The newest unfinished one where no id is given. */
export async function resumeAttempt(id?: string, options: AttemptOptions = {}): Promise<ExamAttempt> {
  const { library = new Library(), store = new AttemptStore(), editor, clock } = options;
  const stored = id === undefined ? store.unfinished() : store.at(id);
  if (!stored) throw new LabError("there is no unfinished attempt");
  if (stored.finished) throw new LabError(`attempt ${stored.id} is finished`);
  claim(stored.id, stored.folder);
  const { head, entries, length } = readJournal(stored.journal);
  if (head.version !== version())
    throw new LabError(
      `attempt ${stored.id} was begun with cka-lab ${head.version}, whose worlds may differ: npx cka-lab@${head.version} resume goes on with it`,
    );
  const { paper, seed, start } = head;
  const journal = Journal.append(stored.journal, length);
  const attempt = new ExamAttempt({ library, id: head.id, paper, seed, start, editor, journal, store, clock });
  await attempt.replay(entries);
  return attempt;
}

export interface ShellOptions {
  readonly world?: string;
  readonly host?: string;
  readonly seed?: string;
  readonly editor?: EditorPort;
  readonly library?: Library;
  readonly clock?: HostClock;
  readonly now?: Date;
}

/** A cluster to play with: no task, no score, nothing kept. Sessions begin on its control plane, or on `host`. */
export function openShell(options: ShellOptions = {}): LiveLab {
  const {
    world = usualWorld,
    host,
    seed = usualSeed,
    editor,
    library = new Library(),
    clock,
    now = new Date(),
  } = options;
  const plan = library.world(world).plan(usualHost);
  const names = plan.hosts.map(({ name }) => name);
  if (host !== undefined && !names.includes(host))
    throw new LabError(`there is no host ${host}; there are ${names.join(", ")}`);
  return new LiveLab({
    start: now.getTime() * 1000,
    firstWorld: world,
    firstHost: host ?? usualHost,
    make: async (_name, at) => makeWorld(plan, seed, at, new WorldPorts()),
    worldOf: () => undefined,
    ...(editor && { editor }),
    ...(clock && { clock }),
  });
}
