import type { Pod } from "../../../../kinds/types/pod.ts";
import type { Task } from "../../../../machine/define.ts";
import { pathOf } from "../../../../machine/open-path.ts";
import { runInContainer } from "../../captured-session.ts";
import type { Context } from "../../context.ts";
import { baseName } from "../../data-sources.ts";
import type { Verb } from "../../define.ts";
import { CommandFault, PlainFault } from "../../faults.ts";
import { boolFlag, intFlag, textFlag } from "../../flag-types.ts";
import { localEntries, takeEntries } from "../../local-files.ts";
import { containerOf } from "../../pods-of.ts";
import { entriesOf, isWholeArchive, tarOf } from "../../tar-entries.ts";
import { type FileSpec, readFileSpec } from "./file-spec.ts";
import { fileWords } from "./file-words.ts";

const flags = {
  container: textFlag("The container; the pod's default where left out.", { short: "c" }),
  "no-preserve": boolFlag("Do not keep owner and mode of the files."),
  retries: intFlag("How often a broken copy is taken up again."),
};

/** Copies files and folders to and from containers, by the tar that these have. */
export const cp: Verb<typeof flags> = {
  path: ["cp"],
  usage: "cp <file-spec-src> <file-spec-dest>",
  short: "Copy files and directories to and from containers",
  long: "Copy files and directories to and from containers. The container must have tar.",
  examples: [
    "kubectl cp /tmp/foo <some-pod>:/tmp/bar -c <specific-container>",
    "kubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar",
  ],
  flags,
  complete: fileWords,
  check: ({ args }) => (args.length === 2 ? undefined : "source and destination are required"),
  *run(context, { args: [from = "", to = ""], flags: values }) {
    const [source, target] = [readFileSpec(from), readFileSpec(to)];
    if (source.pod !== "" && target.pod !== "")
      throw new CommandFault("one of src or dest must be a local file specification");
    if (source.path === "" || target.path === "") throw new CommandFault("filepath can not be empty");
    if (target.pod !== "") yield* copyThere(context, source.path, target, values);
    else if (source.pod !== "") yield* copyHere(context, source, target.path, values);
    else throw new CommandFault("one of src or dest must be a remote file specification");
  },
};

interface Values {
  readonly container: string;
  readonly "no-preserve": boolean;
}

function* podAt(
  context: Context,
  { namespace, pod }: FileSpec,
  container: string,
  to = context.err,
): Task<{ pod: Pod; container: string }> {
  const resource = (yield* context.mapper()).resourceFor("pods");
  const found = yield* context.client.get({ resource, namespace: namespace || context.namespace, name: pod });
  const one = found as unknown as Pod;
  return { pod: one, container: container || containerOf(context, one, "", false, to) };
}

function* copyThere(context: Context, from: string, target: FileSpec, values: Values): Task {
  const { proc } = context;
  if (!proc.machine.files.find(pathOf(proc, from), proc.credentials))
    throw new CommandFault(`${from.replace(/(?<=.)\/+$/, "")} doesn't exist in local filesystem`);
  const at = yield* podAt(context, target, values.container);
  const trimmed = target.path.length > 1 ? target.path.replace(/\/+$/, "") : target.path;
  const path = (yield* isFolder(context, at, trimmed)) ? `${trimmed.replace(/\/$/, "")}/${baseName(from)}` : trimmed;
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) || "/" : "";
  const command = [
    "tar",
    ...(values["no-preserve"] ? ["--no-same-permissions", "--no-same-owner"] : []),
    "-xmf",
    "-",
    ...(folder === "" ? [] : ["-C", folder]),
  ];
  const input = tarOf([...localEntries(context, from, baseName(path))]);
  context.out.write(yield* runInContainer(context, at.pod, { container: at.container, command, input }));
}

function* isFolder(context: Context, at: { pod: Pod; container: string }, path: string): Task<boolean> {
  try {
    yield* runInContainer(context, at.pod, { container: at.container, command: ["test", "-d", path] });
    return true;
  } catch (fault) {
    if (fault instanceof PlainFault || fault instanceof CommandFault) return false;
    throw fault;
  }
}

function* copyHere(context: Context, source: FileSpec, to: string, values: Values): Task {
  // kubectl shows on its stdout which container it takes, and the remote tar's words.
  const at = yield* podAt(context, source, values.container, context.out);
  const command = ["tar", "cf", "-", source.path];
  // How tar ends is not waited for once its archive has ended: what is not there leaves an empty one (cp.go, 1.33).
  const asked = { container: at.container, command, errors: "stdout", whole: isWholeArchive } as const;
  const archive = yield* runInContainer(context, at.pod, asked);
  let hint = ` (consider using "kubectl exec -n ${JSON.stringify(source.namespace)} ${JSON.stringify(source.pod)} -- tar cf - ${JSON.stringify(source.path)} | tar xf -")`;
  takeEntries(context, entriesOf(archive), source.path, to, (path, link) => {
    context.err.line(`warning: skipping symlink: ${JSON.stringify(path)} -> ${JSON.stringify(link)}${hint}`);
    hint = "";
  });
}
