import { type Files, root } from "../../../../machine/define-files.ts";
import { checkConfiguration } from "./directives.ts";
import { type ConfigurationFiles, type Directive, readConfiguration } from "./parse.ts";

/** A configuration that has been read and checked. */
interface Checked {
  readonly directives: readonly Directive[];
  /** The directives that have no effect here. */
  readonly unheeded: readonly Directive[];
}

/** What was asked of the files, and what they said. */
interface Look {
  readonly what: keyof ConfigurationFiles;
  readonly path: string;
  readonly said: string;
}

interface Known extends Checked {
  readonly looks: readonly Look[];
}

const MOST = 16;
/** The configurations of good containers, newest last: containers of one image read the same files. */
const known: Known[] = [];

/** Reads and checks a configuration, once for all containers whose files say the same. Throws ConfigFault. */
export function checkedConfiguration(filesAt: (path: string) => Files, path: string): Checked {
  const files: ConfigurationFiles = {
    text: (file) => filesAt(file).read(file, root),
    has: (file) => (filesAt(file).find(file, root) ? "yes" : ""),
    names: (folder) => filesAt(folder).list(folder, root).join("/"),
  };
  const same = known.find(({ looks }) => looks[0]?.path === path && looks.every((look) => saysStill(files, look)));
  if (same) return same;
  const looks: Look[] = [];
  const noted = (what: Look["what"]) => (asked: string) => {
    const said = files[what](asked);
    looks.push({ what, path: asked, said });
    return said;
  };
  const directives = readConfiguration({ text: noted("text"), has: noted("has"), names: noted("names") }, path);
  const checked = { directives, unheeded: checkConfiguration(directives), looks };
  if (known.length >= MOST) known.shift();
  known.push(checked);
  return checked;
}

function saysStill(files: ConfigurationFiles, { what, path, said }: Look): boolean {
  try {
    return files[what](path) === said;
  } catch {
    return false;
  }
}
