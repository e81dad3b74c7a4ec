import { describe, expect, it } from "vitest";
import { root } from "../../../src/machine/define-files.ts";
import { shellHost } from "./shell-host.ts";

function start(script: string) {
  const host = shellHost();
  host.files.write("/home/t.sh", `${script}\n`, root);
  const running = host.start(["bash", "../t.sh"], { cwd: "/home/work", who: root });
  const pass = (seconds: number) => {
    host.clock.run(host.clock.now + seconds * 1_000_000);
    return running.stdout;
  };
  return { host, running, pass };
}

describe("output comes as it is made", () => {
  it("from loops, pipelines and functions, over virtual time", () => {
    const { pass, running } = start("for i in 1 2 3; do echo $i; sleep 5; done | cat | sed 's/^/> /'");
    expect(pass(1)).toBe("> 1\n");
    expect(pass(5)).toBe("> 1\n> 2\n");
    expect(pass(5)).toBe("> 1\n> 2\n> 3\n");
    pass(5);
    expect(running.proc.state).toBe("ended");
  });

  it("and head ends its writer at once", () => {
    const { pass, running } = start("{ while :; do echo tick; sleep 1; done; } | head -n 3; echo ${PIPESTATUS[@]}");
    expect(pass(2.5)).toBe("tick\ntick\ntick\n");
    expect(pass(1)).toBe("tick\ntick\ntick\n141 0\n");
    expect(running.proc.state).toBe("ended");
  });

  it("and a fast writer waits for a slow reader", () => {
    const { host, running } = start("i=0; while :; do echo $((i++)) ; done | { sleep 10; head -n 1; }");
    host.clock.run(host.clock.now + 9_000_000, 60_000);
    expect(running.stdout).toBe("");
    const slices = host.kernel.slices;
    host.clock.run(host.clock.now + 500_000);
    // The writer is parked: its pipe is full.
    expect(host.kernel.slices - slices).toBeLessThan(3);
    host.clock.run(host.clock.now + 2_000_000);
    expect(running.stdout).toBe("0\n");
    expect(running.proc.state).toBe("ended");
  });

  it("and background jobs run beside the script", () => {
    const { pass } = start("(sleep 2; echo two) & (sleep 1; echo one) & echo started; wait; echo all");
    expect(pass(0.1)).toBe("started\n");
    expect(pass(1)).toBe("started\none\n");
    expect(pass(1)).toBe("started\none\ntwo\nall\n");
  });

  it("and the same seed gives the same run, byte for byte", () => {
    const script = "for i in {1..5}; do echo $RANDOM $SECONDS; sleep 0.7; done & wait; echo $!";
    const [first, second] = [start(script), start(script)];
    expect(first.pass(10)).toBe(second.pass(10));
    expect(first.running.stdout.split("\n")).toHaveLength(7);
  });
});
