import type { Program } from "../../../src/machine/define.ts";
import { root } from "../../../src/machine/define-files.ts";
import { startCommand } from "../../../src/machine/exec.ts";
import { bash } from "../../../src/programs/shell/bash.ts";
import { textPrograms } from "../../../src/programs/text/index.ts";
import { type Host, makeHost } from "../../machine/harness.ts";

const sleep: Program = {
  name: "sleep",
  *run(proc, argv) {
    yield* proc.sleep(argv.reduce((sum, text) => sum + Number(text), 0));
    return 0;
  },
};

const yes: Program = {
  name: "yes",
  *run(proc) {
    for (;;) yield* proc.write(1, "y\n");
  },
};

const rm: Program = {
  name: "rm",
  *run(proc, argv) {
    for (const name of argv)
      if (!name.startsWith("-")) proc.machine.files.unlink(`${proc.cwd}/${name}`, proc.credentials);
    return 0;
  },
};

const env: Program = {
  name: "env",
  *run(proc, argv) {
    if (argv.length > 0) return yield* proc.waitFor(startCommand(proc, argv));
    for (const [name, value] of proc.env) yield* proc.write(1, `${name}=${value}\n`);
    return 0;
  },
};

/** A host with bash, the text tools and what the cases need besides. */
export function shellHost(extra: readonly Program[] = []): Host {
  const names = new Set(textPrograms.map((program) => program.name));
  const own = [sleep, yes, rm, env].filter((program) => !names.has(program.name));
  return makeHost({
    programs: [bash, ...textPrograms, ...own, ...extra],
    prepare: ({ files }) => {
      for (const folder of ["/etc", "/root", "/home/work"]) files.mkdir(folder, root, { parents: true });
      files.write("/root/secret", "x\n", root, { mode: 0o600 });
      files.chmod("/root", 0o700, root);
      files.chmod("/home/work", 0o777, root);
      files.symlink("usr/bin", "/bin", root);
      files.write(
        "/etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\ncandidate:x:1000:1000::/home/candidate:/bin/bash\n",
        root,
      );
    },
  });
}
