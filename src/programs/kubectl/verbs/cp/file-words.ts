import { namesOf } from "../../completers.ts";
import type { Completer } from "../../define.ts";

/** The first file of a copy: NAMESPACE/, POD: or a file of the host (cmd/cp, 1.33). */
export const fileWords: Completer = function* ({ context, args, typed }) {
  if (args.length > 0 || /^[/.~]/.test(typed) || typed.includes(":")) return { words: [], noSpace: true, files: true };
  const slash = typed.indexOf("/");
  if (slash > 0) {
    const namespace = typed.slice(0, slash);
    const pods = yield* namesOf(context, "pods", namespace);
    return { words: fitting(pods.map((pod) => `${namespace}/${pod}:`)), noSpace: true, files: true };
  }
  const namespaces = (yield* namesOf(context, "namespaces")).map((name) => `${name}/`);
  const pods = (yield* namesOf(context, "pods")).map((name) => `${name}:`);
  const found = fitting([...namespaces, ...pods]);
  if (typed === "") return { words: [...found, "./", "/"], noSpace: true, files: true };
  return { words: found.length > 0 ? [...found, ...fitting(here())] : [], noSpace: true, files: true };

  function fitting(words: readonly string[]): readonly string[] {
    return words.filter((word) => word.startsWith(typed));
  }

  function here(): readonly string[] {
    const { machine, cwd, credentials } = context.proc;
    const isFolder = (name: string) => machine.files.find(`${cwd}/${name}`, credentials)?.kind === "directory";
    return machine.files.list(cwd, credentials).map((name) => (isFolder(name) ? `${name}/` : name));
  }
};
