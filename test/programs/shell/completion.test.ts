import { describe, expect, it } from "vitest";
import type { Program } from "../../../src/machine/define.ts";
import { typist } from "./typist.ts";

const asked: (readonly string[])[] = [];

/** A program that completes its own arguments, and answers as cobra's `__complete` does. */
const tool: Program = {
  name: "kubectl",
  *run(proc, argv) {
    if (argv[0] === "__complete") yield* proc.write(1, "pods\npodtemplates\n:4\n");
    else yield* proc.write(1, `kubectl ${argv.join(" ")}\n`);
    return 0;
  },
  *complete(_proc, words) {
    asked.push(words);
    const last = words.at(-1) ?? "";
    const all = last.startsWith("-") ? ["--namespace=", "--all"] : ["nodes", "pods", "podtemplates"];
    return { words: all.filter((word) => word.startsWith(last)), files: true };
  },
};

const files = {
  "/root/.bashrc": "alias k=kubectl\ncomplete -o default -F __start_kubectl k\n",
  "/root/my file.txt": "x",
  "/root/mydir/inner": "y",
};

/** The text before the cursor, where the offered words begin, and the words; a bar at the end: no blank follows. */
const cases: readonly (readonly [text: string, from: number, words: string])[] = [
  ["ech", 0, "echo"],
  ["una", 0, "unalias"],
  ["true; unse", 6, "unset"],
  ["ls | gre", 5, "grep"],
  ["x=$(unse", 4, "unset"],
  ["if unse", 3, "unset"],
  ["sudo unse", 5, "unset"],
  ["k get po", 6, "pods podtemplates"],
  ["kubectl get n", 12, "nodes"],
  ["sudo kubectl get n", 17, "nodes"],
  ["k get --n", 6, "--namespace=|"],
  ["cat my", 4, "my\\ file.txt mydir/"],
  ["cat my\\ f", 4, "my\\ file.txt"],
  ["cat 'my f", 4, "'my file.txt'"],
  ['cat "my f', 4, '"my file.txt"'],
  ["cat < m", 6, "my\\ file.txt mydir/"],
  ["cd m", 3, "mydir/|"],
  ["cat mydir/", 4, "mydir/inner"],
  ["cat ~/myd", 4, "~/mydir/|"],
  ["echo $OSTY", 5, "$OSTYPE"],
  ["echo ${OSTY", 5, "${OSTYPE}"],
  ['echo "$OSTY', 6, "$OSTYPE"],
  ["nothing-here zzz", 13, ""],
];

describe("Tab", () => {
  const someone = typist({ files, programs: [tool] });
  for (const [text, from, words] of cases)
    it(text, () => {
      const got = someone.complete(text);
      expect([got?.from, (got?.words ?? []).join(" ") + (got?.noSpace ? "|" : "")]).toEqual([from, words]);
    });

  it("hands the whole line to the program, the alias resolved", () => {
    asked.length = 0;
    someone.complete("k -n kube-system get po");
    expect(asked).toEqual([["kubectl", "-n", "kube-system", "get", "po"]]);
  });

  it("obeys complete -W, -F and -A", () => {
    someone.type('complete -W \'alpha beta alps\' one; f() { COMPREPLY=("$2-made" "$1"); }; complete -F f two');
    expect(someone.complete("one al")?.words).toEqual(["alpha", "alps"]);
    expect(someone.complete("two wo")?.words).toEqual(["wo-made", "two"]);
    someone.type("complete -A directory three; complete -o nospace -W 'a=' four");
    expect(someone.complete("three m")?.words).toEqual(["mydir"]);
    expect(someone.complete("four a")).toEqual({ from: 5, words: ["a="], noSpace: true });
  });
});
