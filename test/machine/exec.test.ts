import { describe, expect, it } from "vitest";
import { Errno, type Program } from "../../src/machine/define.ts";
import { root } from "../../src/machine/define-files.ts";
import { execBody, interpreterOf, resolveCommand } from "../../src/machine/exec.ts";
import { candidate, makeHost } from "./harness.ts";

const echo: Program = {
  name: "echo",
  also: ["say"],
  *run(proc, argv) {
    yield* proc.write(1, `${proc.argv[0]}: ${argv.join("|")}\n`);
    return 0;
  },
};
const sh: Program = {
  name: "sh",
  folder: "/bin",
  *run(proc, argv) {
    yield* proc.write(1, `sh ${argv.join("|")}\n`);
    return 0;
  },
};

function host() {
  return makeHost({ programs: [echo, sh] });
}

describe("programs are files", () => {
  it("run under each of their names, and as what they are copied to", () => {
    const h = host();
    expect(h.run(["echo", "a", "b"]).stdout).toBe("echo: a|b\n");
    expect(h.run(["say", "x"]).stdout).toBe("say: x\n");
    h.files.write("/tmp/mine", h.files.read("/usr/bin/echo", root), root, { mode: 0o755 });
    expect(h.run(["/tmp/mine", "c"]).stdout).toBe("/tmp/mine: c\n");
    h.files.unlink("/usr/bin/echo", root);
    expect(() => h.run(["echo"])).toThrow("No such file or directory");
  });

  it("are not run without the right", () => {
    const h = host();
    h.files.chmod("/usr/bin/echo", 0o700, root);
    expect(() => h.run(["echo"], { who: candidate })).toThrow("Permission denied");
    expect(h.run(["echo"]).status).toBe(0);
  });

  it("scripts run by their interpreter, text without one by sh", () => {
    const h = host();
    h.files.write("/tmp/script", "#!/usr/bin/echo -e  two words\nrest\n", root, { mode: 0o755 });
    expect(h.run(["/tmp/script", "arg"]).stdout).toBe("/usr/bin/echo: -e  two words|/tmp/script|arg\n");
    h.files.write("/tmp/plain", "echo hi\n", root, { mode: 0o755 });
    expect(h.run(["/tmp/plain", "arg"]).stdout).toBe("sh /tmp/plain|arg\n");
  });
});

describe("resolveCommand", () => {
  const cases: [name: string, wanted: unknown][] = [
    ["echo", { path: "/usr/bin/echo" }],
    ["none", { failed: "command not found", status: 127 }],
    ["", { failed: "command not found", status: 127 }],
    ["data", { failed: "Permission denied", status: 126 }],
    ["./none", { failed: "No such file or directory", status: 127 }],
    ["/tmp", { failed: "Is a directory", status: 126 }],
    ["./data", { failed: "Permission denied", status: 126 }],
    ["./data/x", { failed: "Not a directory", status: 126 }],
    ["./run", { path: "./run" }],
  ];
  it.each(cases)("%j", (name, wanted) => {
    const h = host();
    h.files.write("/tmp/data", "text", root);
    h.files.write("/tmp/run", "text", root, { mode: 0o755 });
    const result = h.run(
      function* (proc) {
        yield* proc.write(1, JSON.stringify(resolveCommand(proc, name)));
        return 0;
      },
      { cwd: "/tmp", env: { PATH: "/tmp:/usr/bin" } },
    );
    expect(JSON.parse(result.stdout)).toEqual(wanted);
  });
});

describe("execBody", () => {
  const cases: [what: string, text: string | undefined, mode: number, code: string][] = [
    ["missing", undefined, 0, "ENOENT"],
    ["not executable", "#!/bin/sh\n", 0o644, "EACCES"],
    ["plain text", "text", 0o755, "ENOEXEC"],
    ["an unknown binary", "\u007fELFnothing\n", 0o755, "ENOEXEC"],
    ["a missing interpreter", "#!/bin/none\n", 0o755, "ENOENT"],
    ["an interpreter loop", "#!/tmp/f\n", 0o755, "ELOOP"],
  ];
  it.each(cases)("%s", (_what, text, mode, code) => {
    const h = host();
    if (text !== undefined) h.files.write("/tmp/f", text, root, { mode });
    const result = h.run(function* (proc) {
      try {
        execBody(proc, "/tmp/f", ["/tmp/f"]);
      } catch (error) {
        if (error instanceof Errno) yield* proc.write(1, error.code);
      }
      return 0;
    });
    expect(result.stdout).toBe(code);
  });

  it("reads #! lines as Linux does", () => {
    expect(interpreterOf("#! /bin/sh -e \nx")).toEqual({ path: "/bin/sh", argument: "-e" });
    expect(interpreterOf("#!/bin/sh\r\nx")).toEqual({ path: "/bin/sh\r", argument: undefined });
    expect(interpreterOf("# /bin/sh")).toBeUndefined();
  });
});
