import { describe, expect, it } from "vitest";
import { root } from "../../../src/machine/define-files.ts";
import { shellHost } from "./shell-host.ts";

interface Hostile {
  readonly script: string;
  readonly status: number;
  readonly out?: string;
  /** What stderr must hold. */
  readonly says?: string;
}

/** Scripts that would bring a careless interpreter down. Each must end by itself, with bash's words and a status. */
const cases: readonly Hostile[] = [
  { script: "f() { f; }; f; echo no", status: 1, says: "f: maximum function nesting level exceeded" },
  {
    script: "f() { f | f; }; f; echo done",
    status: 0,
    out: "done\n",
    says: "fork: retry: Resource temporarily unavailable",
  },
  { script: "f() { f & f & }; f 2>/dev/null; sleep 1000; echo over", status: 0, out: "over\n" },
  {
    script: "x=x; for i in {1..40}; do x=$x$x; done; echo no",
    status: 1,
    says: "xrealloc: cannot allocate 33554432 bytes",
  },
  { script: "x=x; while :; do x=${x//x/xx}; done", status: 1, says: "xrealloc: cannot allocate" },
  { script: "x=x; while :; do x+=$x; done", status: 1, says: "xrealloc: cannot allocate" },
  {
    script: "echo {1..1000000000}; echo no",
    status: 1,
    says: "brace expansion: failed to allocate memory for `1000000000' elements",
  },
  { script: "echo {1..9999}{1..9999}{1..9999}", status: 1, says: "brace expansion: failed to allocate memory" },
  { script: "printf %1000000000d 1; echo $?", status: 0, out: "1\n", says: "Cannot allocate memory" },
  { script: "x=$(yes)", status: 1, says: "xrealloc: cannot allocate" },
  { script: "read x < /dev/zero", status: 1, says: "xrealloc: cannot allocate" },
  { script: "mapfile a < /dev/zero", status: 1, says: "xrealloc: cannot allocate" },
  { script: "[[ aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa =~ ^(a+)+b$ ]]; echo $?", status: 0, out: "1\n" },
  {
    script:
      "shopt -s extglob; x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; [[ $x == *(*(a)|aa)b ]]; echo $? ${x//*(a|aa)b/}",
    status: 0,
    out: "1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
  },
  { script: 'x="echo deep"; for i in {1..150}; do x="echo \\$($x)"; done; eval "$x"', status: 0, out: "deep\n" },
  { script: `echo $((${"(".repeat(5000)}1${")".repeat(5000)})); echo next`, status: 2, says: "syntax error" },
  {
    script: `eval "${"{ ".repeat(3000)} :; ${"}; ".repeat(3000)}"; echo $?`,
    status: 0,
    out: "2\n",
    says: "syntax error",
  },
  { script: "echo . ./me > me; . ./me; echo $?", status: 0, out: "1\n", says: "maximum source nesting level exceeded" },
  {
    script: "echo 'bash ./me' > me; bash me; echo $?",
    status: 0,
    out: "254\n",
    says: "fork: Resource temporarily unavailable",
  },
  { script: "declare -n a=b b=a; echo $a", status: 1, says: "circular name reference" },
  { script: "a=a; echo $((a))", status: 1, says: "expression recursion level exceeded" },
  { script: "shopt -s expand_aliases\nalias a=b b=a\na; echo $?", status: 0, out: "127\n" },
  {
    script:
      "__proto__=1; constructor=2; declare -A m=([__proto__]=3); echo $__proto__$constructor${m[__proto__]}${m[x]}",
    status: 0,
    out: "123\n",
  },
];

describe("hostile scripts end by themselves", () => {
  for (const { script, status, out, says } of cases)
    it(script.slice(0, 70), () => {
      const host = shellHost();
      host.files.write("/home/t.sh", `${script}\n`, root);
      const result = host.run(["bash", "../t.sh"], { cwd: "/home/work", who: root });
      expect(result.stderr).toContain(says ?? "");
      expect([result.status, out === undefined ? undefined : result.stdout]).toEqual([status, out]);
    });
});

describe("what never ends gives the host its turn", () => {
  const endless = [
    "while :; do :; done",
    "while :; do (exit 1) & done",
    "until false; do x=$((x+1)); done",
    "for ((;;)); do echo x > /dev/null; done",
    "f() { while :; do g; done; }; g() { :; }; f",
    "yes | while read x; do :; done",
    'trap "kill -USR1 $$" USR1; kill -USR1 $$; sleep 9',
    ":() { :|:& }; :; sleep 99999",
    "echo $(while :; do :; done)",
  ];
  for (const script of endless)
    it(script, () => {
      const host = shellHost();
      host.files.write("/home/t.sh", `${script}\n`, root);
      const { proc } = host.start(["bash", "../t.sh"], { cwd: "/home/work", who: root });
      const from = host.clock.now;
      host.clock.run(from + 300_000, 4_000);
      expect(proc.state).toBe("running");
      expect(host.clock.now).toBeGreaterThan(from);
      proc.signal("KILL");
      expect(proc.state).toBe("ended");
    });
});
