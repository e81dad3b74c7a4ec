import { Errno, type Program } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import { parseArguments } from "../define.ts";

/** Lets others log in: listens on the ports that /etc/ssh/sshd_config names (22). Sessions are its own processes. */
export const sshd: Program = {
  name: "sshd",
  folder: "/usr/sbin",
  *run(proc, argv) {
    const given = parseArguments(argv, "4 6 D d e i q T t V C= c= E= f= g= h= o= p= u=");
    if (given.problem !== undefined) {
      yield* proc.write(2, `${given.problem}\n`);
      return 1;
    }
    const { files } = proc.machine;
    const path = given.options.get("f") ?? "/etc/ssh/sshd_config";
    if (!files.find(path, root)) {
      yield* proc.write(2, `${path}: No such file or directory\n`);
      return 1;
    }
    if (given.options.has("t")) return 0;
    const ports = [...files.read(path, root).matchAll(/^[ \t]*Port[ \t]+(\d+)/gim)].map(([, port]) => Number(port));
    for (const port of ports.length > 0 ? ports : [22]) {
      try {
        const banner = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u6\r\n";
        proc.machine.listen({ proc, address: "0.0.0.0", port, protocol: "TCP", banner });
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* proc.write(2, `error: Bind to port ${port} on 0.0.0.0 failed: ${error.message}.\n`);
        yield* proc.write(2, "fatal: Cannot bind any address.\n");
        return 255;
      }
      yield* proc.write(2, `Server listening on 0.0.0.0 port ${port}.\n`);
    }
    proc.on("HUP", () => {});
    for (;;) yield { on: [proc.changed] };
  },
};
