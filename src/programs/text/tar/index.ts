import { type Call, Fail, tool } from "../define.ts";
import { create } from "./create.ts";
import { extract } from "./extract.ts";

/** tar: makes, lists and unpacks archives. Compression is not simulated. */
export const tar = tool({
  name: "tar",
  from: "(GNU tar) 1.34",
  usage: "[OPTION...] [FILE]...",
  options:
    "c,create x,extract,get t,list r,append u,update A,catenate d,diff f,file= C,directory= v,verbose z,gzip,gunzip j,bzip2 J,xz zstd a,auto-compress p,preserve-permissions,same-permissions m,touch o no-same-owner same-owner no-same-permissions k,keep-old-files overwrite O,to-stdout h,dereference P,absolute-names S,sparse w,interactive exclude= strip-components= owner= group= mode= mtime= numeric-owner T,files-from= no-recursion warning= wildcards one-file-system totals b,blocking-factor= ignore-failed-read",
  trouble: 2,
  rewrite: bundle,
  misused: () => "Try 'tar --help' or 'tar --usage' for more information.",
  *run(call) {
    const mode = modeOf(call);
    if (call.last("z", "j", "J", "zstd"))
      throw new Fail(`-${call.last("z", "j", "J", "zstd")}: compression is not simulated; leave it out`);
    if (mode === "c") yield* create(call);
    else yield* extract(call, mode === "t");
    if (call.status > 0) yield* call.warn("Exiting with failure status due to previous errors", 2);
    return undefined;
  },
});

function modeOf(call: Call): "c" | "x" | "t" {
  const modes = [
    ...new Set(call.given.map(({ key }) => key).filter((key) => "cxtruAd".includes(key) && key.length === 1)),
  ];
  const [mode, another] = modes;
  if (mode === undefined)
    throw call.misuse("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options");
  if (another !== undefined)
    throw call.misuse("You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option");
  if (mode !== "c" && mode !== "x" && mode !== "t") throw new Fail(`-${mode} is not simulated`);
  return mode;
}

/** Options of old: the first word without a dash; the values of its letters follow in their order. */
function bundle(argv: readonly string[]): readonly string[] {
  const [first = "", ...rest] = argv;
  if (first === "" || first.startsWith("-")) return argv;
  const words: string[] = [];
  for (const letter of first) {
    words.push(`-${letter}`);
    if ("fCTb".includes(letter)) {
      const value = rest.shift();
      if (value === undefined) throw new Fail(`Old option '${letter}' requires an argument.`, undefined, true);
      words.push(value);
    }
  }
  return [...words, ...rest];
}
