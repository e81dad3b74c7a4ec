import { describe, expect, it } from "vitest";
import { root } from "../../../src/machine/define-files.ts";
import { authorizeSshKey, makeSshKey } from "../../../src/machine/ssh-keys.ts";
import { Terminal } from "../../../src/machine/terminal.ts";
import { type User, userNamed } from "../../../src/machine/users.ts";
import { candidate, type Host } from "../../machine/harness.ts";
import { bootNode, twoNodes } from "./hosts.ts";

function sh(host: Host, line: string, options: Parameters<Host["run"]>[1] = {}): string {
  const { status, stdout, stderr } = host.run(line.split(" "), { who: candidate, ...options });
  return `${status === 0 ? "" : `[${status}] `}${stdout}${stderr}`;
}

function user(host: Host, name: string): User {
  return userNamed(host.files, name) as User;
}

function linked() {
  const hosts = twoNodes();
  const line = makeSshKey(hosts.base.files, user(hosts.base, "candidate"), "candidate@base", hosts.kernel.random);
  authorizeSshKey(hosts.node.files, user(hosts.node, "candidate"), line);
  return { ...hosts, line };
}

describe("sudo", () => {
  const cases: [line: string, wanted: string | RegExp][] = [
    ["sudo whoami", "root\n"],
    ["sudo -u nobody id", "uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n"],
    ["sudo -u none id", /^\[1\] sudo: unknown user none\n/],
    ["sudo none", "[1] sudo: none: command not found\n"],
    ["sudo pwd", "/home/candidate\n"],
    ["sudo -i pwd", "/root\n"],
    ["sudo -i whoami", "root\n"],
    ["sudo -s whoami", "root\n"],
    ["sudo faild 3", "[3] cannot go on\n"],
    ["sudo systemctl is-active ssh", "active\n"],
    [
      "sudo -l",
      /User candidate may run the following commands on node-1:\n {4}\(ALL : ALL\) ALL\n {4}\(ALL\) NOPASSWD: ALL\n$/,
    ],
    ["sudo", /^\[1\] usage: sudo -h/],
  ];
  it.each(cases)("%s", (line, wanted) => {
    const host = bootNode("node-1");
    const output = sh(host, line, { cwd: "/home/candidate" });
    if (typeof wanted === "string") expect(output).toBe(wanted);
    else expect(output).toMatch(wanted);
  });

  it("gives a clean environment, or the caller's", () => {
    const host = bootNode("node-1");
    const env = { KUBECONFIG: "/x", TERM: "xterm", HOME: "/home/candidate", PATH: "/usr/bin" };
    const clean = sh(host, "sudo A=1 env", { env });
    expect(clean.split("\n")).toEqual(
      expect.arrayContaining(["A=1", "HOME=/root", "USER=root", "SUDO_USER=candidate", "SUDO_UID=1000", "TERM=xterm"]),
    );
    expect(clean).toContain("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
    expect(clean).not.toContain("KUBECONFIG");
    expect(sh(host, "sudo -E env", { env })).toContain("KUBECONFIG=/x\n");
  });

  it("obeys sudoers", () => {
    const host = bootNode("node-1");
    host.files.write(
      "/etc/sudoers.d/candidate",
      "candidate ALL=(root) NOPASSWD: /usr/bin/whoami, /usr/bin/id -u\n",
      root,
    );
    expect(sh(host, "sudo whoami")).toBe("root\n");
    expect(sh(host, "sudo id -u")).toBe("0\n");
    expect(sh(host, "sudo -n id -g")).toBe("[1] sudo: a password is required\n");
    host.files.write("/etc/sudoers.d/candidate", "", root);
    host.files.write(
      "/etc/group",
      host.files.read("/etc/group", root).replace("sudo:x:27:candidate", "sudo:x:27:"),
      root,
    );
    expect(sh(host, "sudo whoami")).toMatch(/^\[1\] sudo: a terminal is required to read the password;/);
    expect(sh(host, "sudo whoami", { who: root })).toBe("root\n");
    const terminal = new Terminal();
    let screen = "";
    terminal.onOutput = (text) => (screen += text);
    terminal.input("a\rb\rc\r");
    screen = "";
    expect(host.run(["sudo", "whoami"], { who: candidate, terminal }).status).toBe(1);
    expect(screen).toBe(
      "[sudo] password for candidate: \nSorry, try again.\n[sudo] password for candidate: \nSorry, try again.\n[sudo] password for candidate: \nsudo: 3 incorrect password attempts\n",
    );
  });

  it("stands for its child when signals come", () => {
    const host = bootNode("node-1");
    const running = host.start(["sudo", "sleep", "100"], { who: candidate });
    host.settle();
    host.clock.run(host.clock.now + 1_000_000);
    running.proc.signal("TERM");
    host.settle();
    expect(running.proc).toMatchObject({ state: "ended", status: 143, signalled: "TERM" });
    expect(sh(host, "pgrep sleep")).toBe("[1] ");
  });
});

describe("su", () => {
  const cases: [line: string, who: typeof root, wanted: string][] = [
    ["su - candidate -c pwd", root, "/home/candidate\n"],
    ["su candidate -c whoami", root, "candidate\n"],
    ["su - -c pwd", root, "/root\n"],
    ["su -c whoami", candidate, "[1] su: Authentication failure\n"],
    ["su none", root, "[1] su: user none does not exist or the user entry does not contain all the required fields\n"],
  ];
  it.each(cases)("%s", (line, who, wanted) => {
    expect(sh(bootNode("node-1"), line, { who })).toBe(wanted);
  });
});

describe("ssh", () => {
  it("runs a command there, as the same user, with a clean environment and its status", () => {
    const { base } = linked();
    expect(sh(base, "ssh node-1 hostname")).toBe("node-1\n");
    expect(sh(base, "ssh node-1 pwd")).toBe("/home/candidate\n");
    expect(sh(base, "ssh 10.0.0.2 whoami")).toBe("candidate\n");
    expect(sh(base, "ssh node-1 exit 7")).toBe("[7] ");
    expect(sh(base, "ssh node-1 sudo whoami")).toBe("root\n");
    const env = sh(base, "ssh node-1 env", { env: { SECRET: "x" } });
    expect(env).toMatch(
      /^HOME=\/home\/candidate\nLOGNAME=candidate\nPATH=[^\n]+\nSHELL=\/bin\/bash\nSSH_CLIENT=10\.0\.0\.1 \d+ 22\n/,
    );
    expect(env).not.toContain("SECRET");
  });

  it("streams stdin and stdout", () => {
    const { base } = linked();
    expect(sh(base, "ssh node-1 cat", { stdin: "x".repeat(200_000) })).toHaveLength(200_000);
    expect(sh(base, "ssh node-1", { stdin: "hostname\nexit\n" })).toBe(
      "node-1\nPseudo-terminal will not be allocated because stdin is not a terminal.\n",
    );
    expect(sh(base, "ssh -n node-1 cat", { stdin: "unread" })).toBe("");
  });

  it("says why it cannot", () => {
    const { base, node, line } = linked();
    const denied = "[255] candidate@node-1: Permission denied (publickey).\n";
    expect(sh(base, "ssh none true")).toBe("[255] ssh: Could not resolve hostname none: Name or service not known\n");
    expect(sh(base, "ssh 10.0.0.9 true")).toBe("[255] ssh: connect to host 10.0.0.9 port 22: No route to host\n");
    expect(sh(base, "ssh -p 2222 node-1 true")).toBe(
      "[255] ssh: connect to host node-1 port 2222: Connection refused\n",
    );
    expect(sh(base, "ssh root@node-1 true")).toBe("[255] root@node-1: Permission denied (publickey).\n");
    expect(sh(base, "ssh node-1 true", { who: root })).toBe("[255] root@node-1: Permission denied (publickey).\n");
    base.files.chmod("/home/candidate/.ssh/id_ed25519", 0o644, root);
    expect(sh(base, "ssh node-1 whoami")).toContain(
      "Permissions 0644 for '/home/candidate/.ssh/id_ed25519' are too open.",
    );
    base.files.chmod("/home/candidate/.ssh/id_ed25519", 0o600, root);
    node.files.chmod("/home/candidate/.ssh/authorized_keys", 0o666, root);
    expect(sh(base, "ssh node-1 whoami")).toBe(denied);
    node.files.chmod("/home/candidate/.ssh/authorized_keys", 0o600, root);
    authorizeSshKey(node.files, user(node, "root"), line);
    expect(sh(base, "ssh root@node-1 whoami")).toBe("root\n");
    sh(node, "sudo systemctl stop ssh");
    expect(sh(base, "ssh node-1 whoami")).toBe("[255] ssh: connect to host node-1 port 22: Connection refused\n");
  });

  it("reads ~/.ssh/config", () => {
    const { base } = linked();
    base.files.write("/home/candidate/.ssh/config", "Host n? other\n  HostName node-1\n  User candidate\n", candidate);
    expect(sh(base, "ssh n1 hostname")).toBe("node-1\n");
    expect(sh(base, "ssh nn1 hostname")).toContain("Could not resolve hostname nn1");
  });

  it("hands the terminal to the shell there, and takes it back", () => {
    const { base, node } = linked();
    const terminal = new Terminal();
    let screen = "";
    terminal.onOutput = (text) => (screen += text);
    const running = base.start(["ssh", "node-1"], { who: candidate, terminal });
    terminal.foreground = running.proc.group;
    base.clock.run(base.clock.now + 1_000_000);
    expect(screen).toBe("candidate@node-1$ ");
    expect(terminal.foreground).not.toBe(running.proc.group);
    terminal.input("hostname\r");
    base.clock.run(base.clock.now + 1_000_000);
    expect(sh(node, "ps aux")).toMatch(/ pts\/0 +S +\d\d:\d\d +0:00 sshd: candidate@pts\/0\n/);
    terminal.input("exit\r");
    base.clock.run(base.clock.now + 1_000_000);
    expect(screen).toBe("candidate@node-1$ hostname\nnode-1\ncandidate@node-1$ exit\nConnection to node-1 closed.\n");
    expect(running.proc).toMatchObject({ state: "ended", status: 0 });
    expect(terminal.foreground).toBe(running.proc.group);
    expect([...node.machine.processes.values()].filter((proc) => proc.terminal)).toEqual([]);
  });

  it("a killed client hangs the session up", () => {
    const { base, node } = linked();
    const running = base.start(["ssh", "node-1", "sleep", "1000"], { who: candidate });
    base.clock.run(base.clock.now + 1_000_000);
    expect(sh(node, "pgrep -a sleep")).toMatch(/^\d+ sleep 1000\n$/);
    running.proc.signal("INT");
    base.clock.run(base.clock.now + 1_000_000);
    expect(running.proc.status).toBe(130);
    expect(sh(node, "pgrep bash")).toBe("[1] ");
  });

  it("scp copies both ways", () => {
    const { base, node } = linked();
    base.files.write("/home/candidate/f", "text", candidate, { mode: 0o640 });
    expect(sh(base, "scp /home/candidate/f node-1:/tmp/g")).toBe("");
    expect(node.files.read("/tmp/g", root)).toBe("text");
    expect(node.files.stat("/tmp/g", root)).toMatchObject({ uid: 1000, mode: 0o640 });
    expect(sh(base, "scp node-1:/etc/hostname .", { cwd: "/home/candidate" })).toBe("");
    expect(base.files.read("/home/candidate/hostname", root)).toBe("node-1\n");
    base.files.mkdir("/home/candidate/d", candidate);
    base.files.write("/home/candidate/d/x", "x", candidate);
    expect(sh(base, "scp -r /home/candidate/d node-1:")).toBe("");
    expect(node.files.read("/home/candidate/d/x", root)).toBe("x");
    expect(sh(base, "scp none node-1:", { cwd: "/tmp" })).toBe(
      '[1] scp: stat local "none": No such file or directory\n',
    );
    expect(sh(base, "scp /home/candidate/f node-1:/root/f")).toBe('[1] scp: dest open "/root/f": Permission denied\n');
  });
});

describe("who and where", () => {
  const cases: [line: string, wanted: string][] = [
    ["id", "uid=1000(candidate) gid=1000(candidate) groups=1000(candidate),27(sudo)\n"],
    ["id root", "uid=0(root) gid=0(root) groups=0(root)\n"],
    ["id -un", "candidate\n"],
    ["id -Gn", "candidate sudo\n"],
    ["id none", "[1] id: ‘none’: no such user\n"],
    ["id -n", "[1] id: cannot print only names or real IDs in default format\n"],
    ["whoami", "candidate\n"],
    ["groups", "candidate sudo\n"],
    ["groups nobody", "nobody : nogroup\n"],
    ["hostname", "node-1\n"],
    ["hostname -I", "10.0.0.1 \n"],
    ["hostname -f", "node-1\n"],
    ["hostname new", "[1] hostname: you must be root to change the host name\n"],
    ["uname", "Linux\n"],
    ["uname -sr", "Linux 6.1.0-38-amd64\n"],
    ["uname -a", "Linux node-1 6.1.0-38-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1 (2025-08-02) x86_64 GNU/Linux\n"],
    ["uname -z", "[1] uname: invalid option -- 'z'\nTry 'uname --help' for more information.\n"],
  ];
  it.each(cases)("%s", (line, wanted) => {
    expect(sh(bootNode("node-1"), line)).toBe(wanted);
  });

  it("hostname -f is the first name of its line in /etc/hosts, as in a pod with a subdomain", () => {
    const host = bootNode("node-1");
    host.files.write("/etc/hosts", "127.0.0.1 localhost\n10.0.0.1\tnode-1.lab.example\tnode-1\n", root);
    expect(sh(host, "hostname -f")).toBe("node-1.lab.example\n");
    expect(sh(host, "hostname -d")).toBe("lab.example\n");
    expect(sh(host, "hostname")).toBe("node-1\n");
  });

  it("hostnamectl sets the name for good", () => {
    const host = bootNode("node-1");
    expect(sh(host, "hostnamectl set-hostname cka2")).toBe(
      "[1] Could not set static hostname: Interactive authentication required.\n",
    );
    expect(sh(host, "sudo hostnamectl set-hostname cka2")).toBe("");
    expect(sh(host, "hostname")).toBe("cka2\n");
    expect(host.files.read("/etc/hostname", root)).toBe("cka2\n");
    expect(sh(host, "hostnamectl")).toContain(" Static hostname: cka2\n");
  });
});

describe("processes", () => {
  it("ps in its forms", () => {
    const host = bootNode("node-1");
    const running = host.start(["sleep", "500"], { who: candidate });
    host.clock.run(host.clock.now + 61_000_000);
    const { pid } = running.proc;
    const own = `${pid}`.padStart(7);
    expect(sh(host, "ps aux")).toMatch(
      /^USER {9}PID %CPU %MEM {4}VSZ {3}RSS TTY {6}STAT START {3}TIME COMMAND\nroot {11}1 {2}0.0 {2}0.\d {6}0 13312 \? {8}Ss {3}10:00 {3}0:00 \/sbin\/init\n/,
    );
    expect(sh(host, "ps -ef")).toContain(
      `UID          PID    PPID  C STIME TTY          TIME CMD\nroot           1       0  0 10:00 ?        00:00:00 /sbin/init\n`,
    );
    expect(sh(host, "ps -ef")).toContain(`candida+ ${own}       1  0 10:00 ?        00:00:00 sleep 500\n`);
    expect(sh(host, "ps -C sleep -o pid,ppid,user,stat,args,etime")).toBe(
      `    PID    PPID USER     STAT COMMAND                         ELAPSED\n${own}       1 candida+ S    sleep 500                         01:01\n`,
    );
    expect(sh(host, `ps -p ${pid} -o comm=`)).toBe("sleep\n");
    expect(sh(host, "ps -p 99999")).toBe("[1]     PID TTY          TIME CMD\n");
    expect(sh(host, "ps -o foo")).toMatch(/^\[1\] error: unknown user-defined format specifier "foo"\n\nUsage:/);
    expect(sh(host, "ps -eo comm,pid --sort=-pid --no-headers").split("\n")[0]).toMatch(/^ps /);
  });

  it("kill, pkill, pgrep", () => {
    const host = bootNode("node-1");
    const mine = host.start(["sleep", "500"], { who: candidate });
    const roots = host.start(["sleep", "600"]);
    host.settle();
    expect(sh(host, "pgrep -a sleep")).toBe(`${mine.proc.pid} sleep 500\n${roots.proc.pid} sleep 600\n`);
    expect(sh(host, "pgrep -f 00$ -c")).toBe("2\n");
    expect(sh(host, "pgrep -x slee")).toBe("[1] ");
    expect(sh(host, `kill ${roots.proc.pid}`)).toBe(`[1] kill: (${roots.proc.pid}): Operation not permitted\n`);
    expect(sh(host, "kill 99999")).toBe("[1] kill: (99999): No such process\n");
    expect(sh(host, "kill abc")).toBe("[1] kill: failed to parse argument: 'abc'\n");
    expect(sh(host, `kill -0 ${mine.proc.pid}`)).toBe("");
    expect(sh(host, `kill -9 ${mine.proc.pid}`)).toBe("");
    expect(mine.proc.status).toBe(137);
    expect(sh(host, "sudo pkill -HUP -u root sleep")).toBe("");
    expect(roots.proc.status).toBe(129);
    expect(sh(host, "pkill none")).toBe("[1] ");
    expect(sh(host, "pgrep")).toMatch(/^\[2\] pgrep: no matching criteria specified\n/);
    expect(sh(host, "sudo kill -9 1")).toBe("");
    expect(host.machine.processes.get(1)?.state).toBe("running");
  });

  it("a service that is killed comes back, as it would", () => {
    const host = bootNode("node-1");
    const pid = () => sh(host, "pgrep -x sshd").trim();
    const first = pid();
    sh(host, "sudo pkill -9 -x sshd");
    host.clock.run(host.clock.now + 2_000_000);
    expect(pid()).toMatch(/^\d+$/);
    expect(pid()).not.toBe(first);
  });
});
