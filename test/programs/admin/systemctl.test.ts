import { describe, expect, it } from "vitest";
import { root } from "../../../src/machine/define-files.ts";
import { journalOf } from "../../../src/machine/journal.ts";
import { unitsOf } from "../../../src/machine/units/units.ts";
import { candidate, type Host } from "../../machine/harness.ts";
import { addUnit, bootNode, makeNode } from "./hosts.ts";

const SECOND = 1_000_000;
const said = `[Unit]
Description=Says things
Documentation=man:said(8)
[Service]
Environment=NAME=env
EnvironmentFile=-/etc/default/said
ExecStart=/usr/bin/sayd --name \${NAME} $EXTRA
Restart=on-failure
[Install]
WantedBy=multi-user.target
Alias=talker.service
`;

function withUnit(name = "said.service", text = said): Host {
  const host = bootNode("node-1");
  addUnit(host, name, text);
  return host;
}

/** Output of a command as root: status if not 0, stdout, stderr. */
function sh(host: Host, line: string, who = root): string {
  const { status, stdout, stderr } = host.run(line.split(" "), { who });
  return `${status === 0 ? "" : `[${status}] `}${stdout}${stderr}`;
}

function wait(host: Host, seconds: number): void {
  host.clock.run(host.clock.now + seconds * SECOND);
}

/** The journal about a unit without times. */
function journal(host: Host, unit: string): string[] {
  return journalOf(host.machine)
    .entries.filter((entry) => entry.unit === unit)
    .map((entry) => `${entry.identifier}: ${entry.message}`);
}

describe("starting and stopping", () => {
  it("runs the command with its environment, output into the journal", () => {
    const host = withUnit();
    host.files.write("/etc/default/said", 'EXTRA="a b"\n', root);
    expect(sh(host, "systemctl start said")).toBe("");
    wait(host, 1);
    expect(journal(host, "said.service")).toEqual([
      "systemd: Started said.service - Says things.",
      "sayd: up with --name env a b",
      "sayd: a worry",
    ]);
    expect(sh(host, "systemctl is-active said")).toBe("active\n");
    expect(sh(host, "systemctl stop said")).toBe("");
    expect(sh(host, "systemctl is-active said")).toBe("[3] inactive\n");
    expect(journal(host, "said.service").slice(3)).toEqual([
      "systemd: Stopping said.service - Says things...",
      "systemd: said.service: Deactivated successfully.",
      "systemd: Stopped said.service - Says things.",
    ]);
  });

  it("status of what runs", () => {
    const host = withUnit();
    sh(host, "systemctl enable --now said");
    wait(host, 65);
    const pid = unitsOf(host.machine).get("said").mainPid;
    expect(sh(host, "systemctl status said")).toBe(`● said.service - Says things
     Loaded: loaded (/etc/systemd/system/said.service; enabled; preset: enabled)
     Active: active (running) since Sun 2026-03-01 10:00:01 UTC; 1min 5s ago
       Docs: man:said(8)
   Main PID: ${pid} (sayd)
      Tasks: 1 (limit: 4573)
     CGroup: /system.slice/said.service
             └─${pid} /usr/bin/sayd --name env

Mar 01 10:00:01 node-1 systemd[1]: Started said.service - Says things.
Mar 01 10:00:01 node-1 systemd[${pid}]: said.service: Referenced but unset environment variable evaluates to an empty string: EXTRA
Mar 01 10:00:01 node-1 sayd[${pid}]: up with --name env
Mar 01 10:00:01 node-1 sayd[${pid}]: a worry
`);
  });

  it("status of what failed", () => {
    const host = withUnit("f.service", "[Service]\nExecStart=/usr/bin/faild 3\n");
    sh(host, "systemctl start f");
    wait(host, 2);
    const pid = unitsOf(host.machine).get("f").mainPid;
    expect(sh(host, "systemctl status f")).toBe(`[3] × f.service
     Loaded: loaded (/etc/systemd/system/f.service; static)
     Active: failed (Result: exit-code) since Sun 2026-03-01 10:00:01 UTC; 2s ago
    Process: ${pid} ExecStart=/usr/bin/faild 3 (code=exited, status=3/NOTIMPLEMENTED)
   Main PID: ${pid} (code=exited, status=3/NOTIMPLEMENTED)

Mar 01 10:00:01 node-1 systemd[1]: Started f.service.
Mar 01 10:00:01 node-1 faild[${pid}]: cannot go on
Mar 01 10:00:01 node-1 systemd[1]: f.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED
Mar 01 10:00:01 node-1 systemd[1]: f.service: Failed with result 'exit-code'.
`);
    expect(sh(host, "systemctl is-failed f")).toBe("failed\n");
    expect(sh(host, "systemctl reset-failed f")).toBe("");
    expect(sh(host, "systemctl is-failed f")).toBe("[1] inactive\n");
  });

  it("restarts what fails, after RestartSec, until it was too often", () => {
    const host = withUnit("f.service", "[Service]\nExecStart=/usr/bin/faild 1\nRestart=always\nRestartSec=1\n");
    sh(host, "systemctl start f");
    wait(host, 0.5);
    expect(sh(host, "systemctl status f")).toContain("Active: activating (auto-restart) (Result: exit-code) since");
    wait(host, 20);
    expect(sh(host, "systemctl is-active f")).toBe("[3] failed\n");
    expect(unitsOf(host.machine).get("f").restarts).toBe(5);
    expect(journal(host, "f.service").slice(-4)).toEqual([
      "systemd: Stopped f.service.",
      "systemd: f.service: Start request repeated too quickly.",
      "systemd: f.service: Failed with result 'exit-code'.",
      "systemd: Failed to start f.service.",
    ]);
  });

  it("goes on for ever where StartLimitIntervalSec=0", () => {
    const unit =
      "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/usr/bin/faild 1\nRestart=always\nRestartSec=10\n";
    const host = withUnit("kubelet.service", unit);
    sh(host, "systemctl start kubelet");
    wait(host, 301);
    expect(unitsOf(host.machine).get("kubelet").restarts).toBe(30);
    expect(journal(host, "kubelet.service").at(-3)).toBe("faild: cannot go on");
    sh(host, "systemctl stop kubelet");
    wait(host, 60);
    expect(sh(host, "systemctl is-active kubelet")).toBe("[3] failed\n");
  });

  it("a missing executable is 203/EXEC", () => {
    const host = withUnit("f.service", "[Service]\nExecStart=/usr/local/bin/kubelet\n");
    expect(sh(host, "systemctl start f")).toBe("");
    wait(host, 1);
    expect(journal(host, "f.service").slice(1)).toEqual([
      "systemd: f.service: Failed to locate executable /usr/local/bin/kubelet: No such file or directory",
      "systemd: f.service: Failed at step EXEC spawning /usr/local/bin/kubelet: No such file or directory",
      "systemd: f.service: Main process exited, code=exited, status=203/EXEC",
      "systemd: f.service: Failed with result 'exit-code'.",
    ]);
  });

  it("what does not end is killed", () => {
    const host = withUnit("s.service", "[Service]\nExecStart=/usr/bin/stubbornd\nTimeoutStopSec=5\n");
    sh(host, "systemctl start s");
    const before = host.clock.now;
    sh(host, "systemctl stop s");
    expect(Math.round((host.clock.now - before) / SECOND)).toBe(5);
    expect(journal(host, "s.service").slice(2)).toEqual([
      "systemd: s.service: State 'stop-sigterm' timed out. Killing.",
      expect.stringMatching(/^systemd: s.service: Killing process \d+ \(stubbornd\) with signal SIGKILL\.$/),
      "systemd: s.service: Main process exited, code=killed, status=9/KILL",
      "systemd: s.service: Failed with result 'timeout'.",
      "systemd: Stopped s.service.",
    ]);
  });

  it("oneshot services, and commands before them", () => {
    const text = (pre: number) =>
      `[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStartPre=/usr/bin/faild ${pre}\nExecStart=/usr/bin/pwd\n`;
    const host = withUnit("o.service", text(0));
    expect(sh(host, "systemctl start o")).toBe("");
    expect(sh(host, "systemctl status o")).toContain("Active: active (exited) since");
    sh(host, "systemctl stop o");
    addUnit(host, "o.service", text(4));
    expect(
      sh(host, "systemctl start o"),
    ).toBe(`[1] Job for o.service failed because the control process exited with error code.
See "systemctl status o.service" and "journalctl -xeu o.service" for details.
`);
  });

  it("runs as User=, in its directory", () => {
    const text =
      "[Service]\nType=oneshot\nUser=candidate\nWorkingDirectory=/home/candidate\nExecStart=/usr/bin/whoami\nExecStart=/usr/bin/pwd\n";
    const host = withUnit("u.service", text);
    sh(host, "systemctl start u");
    expect(journal(host, "u.service").slice(1, 3)).toEqual(["whoami: candidate", "pwd: /home/candidate"]);
    addUnit(host, "v.service", "[Service]\nUser=nobody-here\nExecStart=/usr/bin/sayd\n");
    sh(host, "systemctl start v");
    wait(host, 1);
    expect(unitsOf(host.machine).get("v").mainExit).toEqual({ code: "exited", status: 217 });
  });
});

describe("dependencies", () => {
  it("are started first, in order; a failed requirement stops the start; stopping goes the other way", () => {
    const host = bootNode("node-1");
    addUnit(host, "db.service", "[Service]\nType=notify\nExecStart=/usr/bin/sayd db\n");
    addUnit(
      host,
      "web.service",
      "[Unit]\nRequires=db.service\nAfter=db.service\n[Service]\nExecStart=/usr/bin/sayd web\n",
    );
    expect(sh(host, "systemctl start web")).toBe("");
    const order = journalOf(host.machine).entries.filter((entry) => /^Started (db|web)/.test(entry.message));
    expect(order.map((entry) => entry.unit)).toEqual(["db.service", "web.service"]);
    sh(host, "systemctl stop db");
    expect(sh(host, "systemctl is-active web")).toBe("[3] inactive\n");
    addUnit(host, "db.service", "[Service]\nType=oneshot\nExecStart=/usr/bin/faild 1\n");
    expect(sh(host, "systemctl start web")).toBe(
      "[1] A dependency job for web.service failed. See 'journalctl -xe' for details.\n",
    );
  });

  it("boot starts what is enabled, and only that", () => {
    const host = makeNode("node-1");
    addUnit(host, "said.service", said);
    addUnit(host, "idle.service", said);
    host.files.symlink(
      "/etc/systemd/system/said.service",
      "/etc/systemd/system/multi-user.target.wants/said.service",
      root,
    );
    unitsOf(host.machine).boot();
    wait(host, 1);
    expect(sh(host, "systemctl is-active said idle ssh multi-user.target")).toBe("active\ninactive\nactive\nactive\n");
    expect(host.machine.processes.get(1)?.argv).toEqual(["/sbin/init"]);
    expect(unitsOf(host.machine).get("said").main?.parent?.pid).toBe(1);
  });
});

describe("unit files", () => {
  it("count from daemon-reload on, for what runs or is enabled", () => {
    const host = withUnit();
    sh(host, "systemctl enable --now said");
    host.files.mkdir("/etc/systemd/system/said.service.d", root);
    host.files.write("/etc/systemd/system/said.service.d/10-x.conf", "[Service]\nEnvironment=NAME=dropped\n", root);
    const warning =
      "Warning: The unit file, source configuration file or drop-ins of said.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n";
    expect(sh(host, "systemctl restart said")).toBe(warning);
    wait(host, 1);
    expect(journal(host, "said.service")).not.toContain("sayd: up with --name dropped");
    sh(host, "systemctl daemon-reload");
    expect(sh(host, "systemctl restart said")).toBe("");
    wait(host, 1);
    expect(journal(host, "said.service")).toContain("sayd: up with --name dropped");
    expect(sh(host, "systemctl status said")).toContain(`    Drop-In: /etc/systemd/system/said.service.d
             └─10-x.conf
`);
    expect(sh(host, "systemctl cat said")).toBe(
      `# /etc/systemd/system/said.service\n${said}\n# /etc/systemd/system/said.service.d/10-x.conf\n[Service]\nEnvironment=NAME=dropped\n`,
    );
  });

  // Observed with systemctl 252 --root= on Debian 12; the words of errors are those of the bus.
  it("enable, disable, mask, unmask", () => {
    const host = withUnit();
    host.files.write("/lib/systemd/system/plain.service", "[Service]\nExecStart=/bin/sayd\n", root);
    const steps: [string, string][] = [
      ["is-enabled said", "[1] disabled\n"],
      [
        "enable said",
        "Created symlink /etc/systemd/system/talker.service → /etc/systemd/system/said.service.\nCreated symlink /etc/systemd/system/multi-user.target.wants/said.service → /etc/systemd/system/said.service.\n",
      ],
      ["enable said", ""],
      ["is-enabled said talker plain", "enabled\nalias\nstatic\n"],
      ["is-active talker", "[3] inactive\n"],
      [
        "disable said",
        'Removed "/etc/systemd/system/multi-user.target.wants/said.service".\nRemoved "/etc/systemd/system/talker.service".\n',
      ],
      ["disable said", ""],
      ["mask plain", "Created symlink /etc/systemd/system/plain.service → /dev/null.\n"],
      ["is-enabled plain", "[1] masked\n"],
      ["start plain", "[1] Failed to start plain.service: Unit plain.service is masked.\n"],
      ["enable plain", "[1] Failed to enable unit: Unit file /etc/systemd/system/plain.service is masked.\n"],
      ["unmask plain", 'Removed "/etc/systemd/system/plain.service".\n'],
      ["is-enabled none", "[1] Failed to get unit file state for none.service: No such file or directory\n"],
      ["enable none", "[1] Failed to enable unit: Unit file none.service does not exist.\n"],
      ["start none", "[5] Failed to start none.service: Unit none.service not found.\n"],
      ["stop none", "[5] Failed to stop none.service: Unit none.service not loaded.\n"],
      ["status none", "[4] Unit none.service could not be found.\n"],
      ["cat none", "[1] No files found for none.service.\n"],
      ["frob", "[1] Unknown command verb frob.\n"],
      ["start", "[1] Too few arguments.\n"],
      ["is-system-running", "running\n"],
      ["show said -p ActiveState,MainPID,Restart", "Restart=on-failure\nMainPID=0\nActiveState=inactive\n"],
      ["show said -P FragmentPath", "/etc/systemd/system/said.service\n"],
      [
        "list-unit-files said* plain*",
        "UNIT FILE     STATE    PRESET\nplain.service static   -\nsaid.service  disabled enabled\n\n2 unit files listed.\n",
      ],
    ];
    for (const [line, wanted] of steps) expect(`${line}: ${sh(host, `systemctl ${line}`)}`).toBe(`${line}: ${wanted}`);
  });

  it("list-units", () => {
    const host = withUnit("f.service", "[Unit]\nDescription=Fails\n[Service]\nExecStart=/usr/bin/faild 1\n");
    sh(host, "systemctl start f");
    wait(host, 1);
    expect(sh(host, "systemctl list-units --type=service")).toBe(`  UNIT        LOAD   ACTIVE SUB     DESCRIPTION
● f.service   loaded failed failed  Fails
  ssh.service loaded active running OpenBSD Secure Shell server

LOAD   = Reflects whether the unit definition was properly loaded.
ACTIVE = The high-level unit activation state, i.e. generalization of SUB.
SUB    = The low-level unit activation state, values depend on unit type.
2 loaded units listed. Pass --all to see loaded but inactive units, too.
To show all installed unit files use 'systemctl list-unit-files'.
`);
    expect(sh(host, "systemctl --failed --no-legend --plain")).toBe("f.service loaded failed failed Fails\n");
  });

  it("need root to change, and a booted systemd", () => {
    const host = withUnit();
    expect(sh(host, "systemctl start said", candidate)).toBe(
      "[1] Failed to start said.service: Interactive authentication required.\nSee system logs and 'systemctl status said.service' for details.\n",
    );
    expect(sh(host, "systemctl is-active ssh", candidate)).toBe("active\n");
    expect(sh(makeNode("off"), "systemctl status")).toBe(
      "[1] System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
    );
  });
});

describe("journalctl", () => {
  function withJournal(): Host {
    const host = withUnit();
    sh(host, "systemctl start said");
    wait(host, 60);
    sh(host, "logger -t test -p user.warning later words");
    return host;
  }

  it("selects and shows", () => {
    const host = withJournal();
    const pid = unitsOf(host.machine).get("said").mainPid;
    const steps: [string, string][] = [
      ["-u said -n 1", `Mar 01 10:00:01 node-1 sayd[${pid}]: a worry\n`],
      ["-u said -n1 -o cat", "a worry\n"],
      ["-u said --no-pager -p err -o cat", "a worry\n"],
      ["-xeu said -n 2 -r -o cat", "a worry\nup with --name env\n"],
      ["--since -30s -o cat", "later words\n"],
      ["-t test", "Mar 01 10:01:01 node-1 test: later words\n"],
      ["-g LATER", "-- No entries --\n"],
      ["-g later -o short-iso", "2026-03-01T10:01:01+0000 node-1 test: later words\n"],
      ["_PID=1 -n 1 -o cat", "Started said.service - Says things.\n"],
      ["-u none", "-- No entries --\n"],
      ["-p foo", "[1] Unknown log level foo\n"],
      ["-o foo", "[1] Unknown output format 'foo'.\n"],
      ["--since foo", "[1] Failed to parse timestamp: foo\n"],
      ["frob", "[1] Failed to add match 'frob': Invalid argument\n"],
    ];
    for (const [line, wanted] of steps) expect(`${line}: ${sh(host, `journalctl ${line}`)}`).toBe(`${line}: ${wanted}`);
  });

  it("follows", () => {
    const host = withJournal();
    const following = host.start(["journalctl", "-f", "-u", "said", "-o", "cat", "-n", "1"]);
    wait(host, 1);
    sh(host, "systemctl restart said");
    wait(host, 1);
    expect(following.stdout.split("\n")).toContain("Stopping said.service - Says things...");
    expect(following.stdout).toMatch(/^a worry\n/);
    following.proc.signal("INT");
    expect(following.proc.status).toBe(130);
  });

  it("is for root and the groups adm and systemd-journal", () => {
    const host = withJournal();
    expect(sh(host, "journalctl -q -n 1", candidate)).toBe(
      "[1] No journal files were opened due to insufficient permissions.\n",
    );
    expect(sh(host, "journalctl -n 1 -o cat", { uid: 1000, gid: 1000, groups: [1000, 4] })).toBe("later words\n");
  });
});
