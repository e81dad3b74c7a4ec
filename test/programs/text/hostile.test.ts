import { describe, expect, it } from "vitest";
import { root } from "../../../src/machine/define-files.ts";
import { textPrograms } from "../../../src/programs/text/index.ts";
import { makeHost } from "../../machine/harness.ts";

/** Endless ones must let others run and end by Ctrl-C; what grows must end by itself with a message. */
describe("input that never ends can be interrupted", () => {
  it.each([
    [["awk", "BEGIN{while(1){}}"]],
    [["awk", "BEGIN{for(;;) x++}"]],
    [["awk", "function f() { return 1 } BEGIN { while (f()) ; }"]],
    [["sed", ":a;ba", "/tmp/f"]],
    [["sed", "-n", "/x/!{:a;ba}", "/tmp/f"]],
    [["grep", "-c", "x", "/tmp/f", "-", "/dev/zero"]],
    [["cat", "/dev/zero"]],
    [["yes"]],
    [["seq", "1000000000000"]],
    [["tr", "a", "b"]],
    [["find", "/tmp", "-exec", "sleep", "100000", ";"]],
    [["wc", "/dev/zero"]],
    [["od", "-An", "-v", "/dev/zero"]],
  ])("%j", (argv) => {
    const host = makeHost({ programs: textPrograms });
    host.files.write("/tmp/f", "a\n", root);
    const { proc } = host.start(argv, argv[0] === "tr" ? { stdin: "a".repeat(1_000_000) } : {});
    let others = 0;
    const beat = () => {
      others++;
      host.clock.after(0.001, beat);
    };
    beat();
    host.clock.run(host.clock.now + 50_000, 5_000);
    expect(others).toBeGreaterThan(20);
    proc.signal("INT");
    host.clock.run(host.clock.now + 10_000);
    expect(proc.state).toBe("ended");
  });
});

describe("what grows without bound ends with a message", () => {
  it.each([
    [["awk", 'BEGIN{s="x"; while(1) s = s s}'], 2, "awk: out of memory\n"],
    [["awk", "BEGIN{while(1) a[i++]=1}"], 2, "awk: out of memory\n"],
    [
      ["awk", "function f(n) { return f(n+1) } BEGIN { f(1) }"],
      2,
      "awk: run time error: function call nesting too deep\n",
    ],
    [["awk", 'BEGIN{printf "%1000000000d", 1}'], 2, "awk: out of memory\n"],
    [["awk", "BEGIN{$100000000=1}"], 2, "awk: program limit exceeded: maximum number of fields size=1000000\n"],
    [["printf", "%1000000000d", "1"], 1, "printf: write error: Cannot allocate memory\n"],
    [["sed", ":a;s/.*/&&/;ta", "/tmp/f"], 4, "sed: couldn't re-allocate memory\n"],
    [["sed", ":a;G;h;ba", "/tmp/f"], 4, "sed: couldn't re-allocate memory\n"],
    [["grep", "-E", "(((a{100}){100}){100}){100}", "/tmp/f"], 2, "grep: Regular expression too big\n"],
    [["grep", "-E", "a{99999}", "/tmp/f"], 2, "grep: Regular expression too big\n"],
    [["sort", "/dev/zero"], 2, "sort: memory exhausted\n"],
    [["tac", "/dev/zero"], 1, "tac: memory exhausted\n"],
    [["rev", "/dev/zero"], 1, "rev: memory exhausted\n"],
  ])("%j", { timeout: 60_000 }, (argv, status, message) => {
    const host = makeHost({ programs: textPrograms });
    host.files.write("/tmp/f", "a\n", root);
    const run = host.run(argv);
    expect([run.status, run.stderr]).toEqual([status, message]);
  });
});

describe("regular expressions take linear time or say that they are too big", () => {
  const evil = `${"a".repeat(30_000)}!`;
  it.each([
    [["grep", "-E", "(a+)+$"], 1],
    [["grep", "-E", "(a|aa)+$"], 1],
    [["grep", "-E", "(.*)*x"], 1],
    [["sed", "-nE", "/(a*)*b/p"], 0],
    [["awk", "/(a|a)*b/"], 0],
    [["grep", "(a*)*\\(.\\)\\1$"], 1],
    [["expr", evil, ":", "\\(a*\\)*b"], 1],
  ])("%j", { timeout: 20_000 }, (argv, status) => {
    const host = makeHost({ programs: textPrograms });
    expect(
      host.run(
        argv.map((word) => word),
        { stdin: `${evil}\n` },
      ).status,
    ).toBe(status);
  });

  it("back-references stop after so many steps", () => {
    const host = makeHost({ programs: textPrograms });
    const run = host.run(["grep", "-E", "(a*)(a*)(a*)(a*)\\1\\2\\3\\4b"], { stdin: `${"a".repeat(300)}\n` });
    expect([run.status, run.stderr]).toEqual([2, "grep: Regular expression too big\n"]);
  });
});

it("knows names like __proto__ as any other", () => {
  const host = makeHost({ programs: textPrograms });
  const program = 'BEGIN { a["__proto__"] = 1; constructor = 2; for (k in a) print k, a[k], constructor, toString "" }';
  expect(host.run(["awk", program]).stdout).toBe("__proto__ 1 2 \n");
  expect(host.run(["sort", "-u"], { stdin: "__proto__\n__proto__\nconstructor\n" }).stdout).toBe(
    "__proto__\nconstructor\n",
  );
});
