import { type Micros, SECOND } from "../../../base/clock.ts";
import { civilTime } from "../../../base/time.ts";
import { residentBytes } from "../../../cluster/kubelet/usage/process-memory.ts";
import { hardwareOf } from "../../../machine/hardware.ts";
import type { Process } from "../../../machine/process.ts";
import { userById } from "../../../machine/users.ts";
import { syslogTime } from "../systemd-time.ts";

/** A process as ps sees it: with the pid its reader's host knows it by. */
export interface Seen {
  readonly pid: number;
  readonly proc: Process;
  readonly parent: number;
  readonly now: Micros;
}

/** A column of ps: its header, width, and what stands in it. */
export interface Column {
  readonly header: string;
  readonly width: number;
  readonly left?: boolean;
  text(seen: Seen): string;
}

/** Address space and processor time of a simulated process are not known: they show as zero. */
const zero = (text: string) => () => text;
const two = (value: number) => String(value).padStart(2, "0");

const user = ({ proc }: Seen): string => {
  const name = userById(proc.machine.files, proc.credentials.uid)?.name ?? String(proc.credentials.uid);
  return name.length > 8 ? `${name.slice(0, 7)}+` : name;
};
const shortName = ({ proc }: Seen) =>
  (proc.argv[0] ?? "")
    .replace(/^-/, "")
    .replace(/^.*\/|:.*$/g, "")
    .slice(0, 15);
const commandLine = ({ proc }: Seen) => proc.argv.join(" ").replaceAll("\n", " ");
const terminal = ({ proc }: Seen) => (proc.terminal ? "pts/0" : "?");

function state({ proc }: Seen, withFlags: boolean): string {
  const letter = proc.state === "stopped" ? "T" : proc.idle ? "S" : "R";
  if (!withFlags) return letter;
  const leads =
    proc.cgroup === "/init.scope" || proc.cgroup.startsWith("/system.slice") || proc.argv[0]?.startsWith("-");
  return `${letter}${leads ? "s" : ""}${proc.terminal && proc.terminal.foreground === proc.group ? "+" : ""}`;
}

function startTime({ proc, now }: Seen): string {
  const started = civilTime(proc.started);
  if (now - proc.started < 86_400 * SECOND) return `${two(started.hour)}:${two(started.minute)}`;
  return syslogTime(proc.started).slice(0, 6).replace(" ", "");
}

function elapsed({ proc, now }: Seen): string {
  const s = Math.floor((now - proc.started) / SECOND);
  const clock = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  const hours = Math.floor(s / 3600) % 24;
  const days = Math.floor(s / 86_400);
  return days > 0 ? `${days}-${two(hours)}:${clock}` : hours > 0 ? `${two(hours)}:${clock}` : clock;
}

const resident = ({ proc }: Seen): number => Math.round(residentBytes(proc) / 1024);
const share = (seen: Seen): string => {
  const { memoryKib } = hardwareOf(seen.proc.machine.host ?? seen.proc.machine);
  return (Math.floor((resident(seen) * 1000) / memoryKib) / 10).toFixed(1);
};

const right = (header: string, width: number, text: Column["text"]): Column => ({ header, width, text });
const left = (header: string, width: number, text: Column["text"]): Column => ({ header, width, left: true, text });

/** The names that -o takes (ps(1), "Standard format specifiers"). */
export const psColumns: Readonly<Record<string, Column>> = {
  pid: right("PID", 7, ({ pid }) => String(pid)),
  ppid: right("PPID", 7, ({ parent }) => String(parent)),
  pgid: right("PGID", 7, ({ pid }) => String(pid)),
  user: left("USER", 8, user),
  euser: left("EUSER", 8, user),
  uname: left("USER", 8, user),
  uid: right("UID", 5, ({ proc }) => String(proc.credentials.uid)),
  gid: right("GID", 5, ({ proc }) => String(proc.credentials.gid)),
  comm: left("COMMAND", 15, shortName),
  ucmd: left("CMD", 15, shortName),
  args: left("COMMAND", 27, commandLine),
  cmd: left("CMD", 27, commandLine),
  command: left("COMMAND", 27, commandLine),
  tty: left("TTY", 8, terminal),
  tt: left("TT", 8, terminal),
  time: right("TIME", 8, zero("00:00:00")),
  stat: left("STAT", 4, (seen) => state(seen, true)),
  s: left("S", 1, (seen) => state(seen, false)),
  state: left("S", 1, (seen) => state(seen, false)),
  etime: right("ELAPSED", 11, elapsed),
  etimes: right("ELAPSED", 7, ({ proc, now }) => String(Math.floor((now - proc.started) / SECOND))),
  start: right("STARTED", 8, ({ proc }) => syslogTime(proc.started).slice(7)),
  stime: left("STIME", 5, startTime),
  lstart: left("STARTED", 24, ({ proc }) => {
    const year = civilTime(proc.started).year;
    return `${syslogTime(proc.started)} ${year}`;
  }),
  pcpu: right("%CPU", 4, zero("0.0")),
  "%cpu": right("%CPU", 4, zero("0.0")),
  pmem: right("%MEM", 4, share),
  "%mem": right("%MEM", 4, share),
  c: right("C", 2, zero("0")),
  vsz: right("VSZ", 6, zero("0")),
  rss: right("RSS", 5, (seen) => String(resident(seen))),
  ni: right("NI", 3, zero("0")),
  pri: right("PRI", 3, zero("20")),
  nlwp: right("NLWP", 4, zero("1")),
  cgroup: left("CGROUP", 27, ({ proc }) => `0::${proc.cgroup}`),
  unit: left("UNIT", 31, ({ proc }) => /^\/system\.slice\/(.+)$/.exec(proc.cgroup)?.[1] ?? "-"),
};

/** The columns of the fixed forms: plain, -f and u. */
export const psForms: Readonly<Record<"plain" | "full" | "user", readonly Column[]>> = {
  plain: [named("pid"), named("tty"), named("time"), left("CMD", 15, shortName)],
  full: [
    left("UID", 8, user),
    named("pid"),
    named("ppid"),
    named("c"),
    named("stime"),
    named("tty"),
    named("time"),
    left("CMD", 27, commandLine),
  ],
  user: [
    ...[
      named("user"),
      named("pid"),
      named("%cpu"),
      named("%mem"),
      named("vsz"),
      named("rss"),
      named("tty"),
      named("stat"),
    ],
    ...[left("START", 5, startTime), right("TIME", 6, zero("0:00")), named("args")],
  ],
};

function named(name: string): Column {
  return psColumns[name] as Column;
}
