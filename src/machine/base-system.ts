import type { Micros } from "../base/clock.ts";
import { type Files, root } from "./define-files.ts";
import { makeDevices } from "./files/make-devices.ts";
import { seedOf, sow } from "./files/seed.ts";
import { type Hardware, osName } from "./hardware.ts";
import type { Machine } from "./machine.ts";
import { makeProc } from "./proc-files.ts";
import { addUser, type User } from "./users.ts";

/** What a fresh host is. */
export interface BaseSystem {
  readonly hostname: string;
  /** Users besides root and the system's own; `candidate` (uid 1000, sudo without a password) where nothing is said. */
  readonly users?: readonly (User & { readonly sudo?: boolean })[];
  readonly cpus?: number;
  readonly memoryKib?: number;
  /** When it was switched on; an hour ago where nothing is said. */
  readonly booted?: Micros;
  /** Its files begin as a copy of those of `freshFiles`. */
  readonly copied?: boolean;
}

export const candidateUser: User & { readonly sudo: boolean } = {
  name: "candidate",
  uid: 1000,
  gid: 1000,
  comment: "",
  home: "/home/candidate",
  shell: "/bin/bash",
  sudo: true,
};

/** Fills the files of a fresh Debian-like host. Programs and units are installed by those who own them. */
export function makeBaseSystem(machine: Machine, options: BaseSystem): void {
  const { files } = machine;
  const { hostname, cpus = 2, memoryKib = 4_024_284, users = [candidateUser] } = options;
  const booted = options.booted ?? machine.kernel.clock.now - 3_600_000_000;
  machine.parts.set("hardware", { cpus, memoryKib, booted } satisfies Hardware);
  machine.name = hostname;
  if (!options.copied) freshFiles(files);
  files.write("/etc/hostname", `${hostname}\n`, root);
  files.write("/etc/hosts", `127.0.0.1\tlocalhost\n127.0.1.1\t${hostname}\n${hostsTail}`, root);
  for (const user of users) addSudoer(files, user);
  makeProc(machine);
}

/** What all hosts have alike. */
export function freshFiles(files: Files): void {
  sow(files, seeds);
  makeDevices(files);
}

function addSudoer(files: Files, user: User & { readonly sudo?: boolean }): void {
  addUser(files, user, user.sudo ? ["sudo"] : []);
  if (user.sudo)
    files.write(`/etc/sudoers.d/${user.name}`, `${user.name} ALL=(ALL) NOPASSWD:ALL\n`, root, { mode: 0o440 });
}

const directories = `/boot /etc /etc/apt /etc/apt/sources.list.d /etc/cron.d /etc/default /etc/modules-load.d
/etc/profile.d /etc/skel /etc/ssh /etc/ssh/sshd_config.d /etc/ssl /etc/ssl/certs /etc/sysctl.d /etc/systemd
/etc/systemd/system /etc/systemd/system/multi-user.target.wants /home /media /mnt /opt /proc /run /srv /sys /sys/fs
/sys/fs/cgroup /usr /usr/bin /usr/lib /usr/lib/systemd /usr/lib/systemd/system /usr/local /usr/local/bin
/usr/local/sbin /usr/sbin /usr/share /var /var/backups /var/cache /var/lib /var/log /var/spool`.split(/\s+/);

const specialDirectories: readonly (readonly [path: string, mode: number])[] = [
  ["/etc/sudoers.d", 0o750],
  ["/root", 0o700],
  ["/tmp", 0o1777],
  ["/var/tmp", 0o1777],
  ["/run/lock", 0o1777],
  ["/etc/ssl/private", 0o710],
];

const links: readonly (readonly [path: string, target: string])[] = [
  ["/bin", "usr/bin"],
  ["/sbin", "usr/sbin"],
  ["/lib", "usr/lib"],
  ["/var/run", "/run"],
  ["/var/lock", "/run/lock"],
  ["/etc/os-release", "../usr/lib/os-release"],
  ["/etc/mtab", "../proc/self/mounts"],
  ["/etc/localtime", "/usr/share/zoneinfo/Etc/UTC"],
  ["/etc/systemd/system/sshd.service", "/lib/systemd/system/ssh.service"],
  ["/etc/systemd/system/multi-user.target.wants/ssh.service", "/lib/systemd/system/ssh.service"],
];

const hostsTail = `
# The following lines are desirable for IPv6 capable hosts
::1     localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`;

const systemUsers = [
  "root:x:0:0:root:/root:/bin/bash",
  "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin",
  "bin:x:2:2:bin:/bin:/usr/sbin/nologin",
  "sys:x:3:3:sys:/dev:/usr/sbin/nologin",
  "sync:x:4:65534:sync:/bin:/bin/sync",
  "man:x:6:12:man:/var/cache/man:/usr/sbin/nologin",
  "mail:x:8:8:mail:/var/mail:/usr/sbin/nologin",
  "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin",
  "backup:x:34:34:backup:/var/backups:/usr/sbin/nologin",
  "_apt:x:42:65534::/nonexistent:/usr/sbin/nologin",
  "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
  "systemd-network:x:998:998:systemd Network Management:/:/usr/sbin/nologin",
  "messagebus:x:100:107::/nonexistent:/usr/sbin/nologin",
  "sshd:x:101:65534::/run/sshd:/usr/sbin/nologin",
];

const systemGroups: readonly (readonly [name: string, gid: number])[] = [
  ["root", 0],
  ["daemon", 1],
  ["bin", 2],
  ["sys", 3],
  ["adm", 4],
  ["tty", 5],
  ["disk", 6],
  ["man", 12],
  ["mail", 8],
  ["sudo", 27],
  ["www-data", 33],
  ["backup", 34],
  ["shadow", 42],
  ["utmp", 43],
  ["users", 100],
  ["nogroup", 65534],
  ["systemd-journal", 999],
  ["systemd-network", 998],
  ["messagebus", 107],
  ["_ssh", 108],
];

/** The prompt and habits of Debian's interactive shells, without what no simulated terminal shows. */
const systemBashrc = `# System-wide settings of interactive bash shells.
[ -z "$PS1" ] && return
shopt -s checkwinsize
PS1='\\u@\\h:\\w\\$ '
`;

const profile = `# System-wide settings of login shells.
if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH

if [ "$PS1" ] && [ "$BASH" ] && [ -f /etc/bash.bashrc ]; then
  . /etc/bash.bashrc
fi

for i in /etc/profile.d/*.sh; do
  if [ -r "$i" ]; then
    . "$i"
  fi
done
unset i
`;

const skelBashrc = `# Settings of interactive bash shells.
case $- in
    *i*) ;;
      *) return;;
esac
HISTCONTROL=ignoreboth
HISTSIZE=1000
HISTFILESIZE=2000
shopt -s histappend checkwinsize
alias ls='ls --color=auto'
if [ -f ~/.bash_aliases ]; then
    . ~/.bash_aliases
fi
`;

const skelProfile = `# Settings of login shells.
if [ -n "$BASH_VERSION" ] && [ -f "$HOME/.bashrc" ]; then
    . "$HOME/.bashrc"
fi
if [ -d "$HOME/bin" ]; then
    PATH="$HOME/bin:$PATH"
fi
if [ -d "$HOME/.local/bin" ]; then
    PATH="$HOME/.local/bin:$PATH"
fi
`;

const osRelease = `PRETTY_NAME="${osName}"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`;

const sudoers = `Defaults	env_reset
Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
Defaults	use_pty

root	ALL=(ALL:ALL) ALL
%sudo	ALL=(ALL:ALL) ALL

@includedir /etc/sudoers.d
`;

/** Host keys are not simulated, so none are asked about. */
const sshConfig = `Host *
    SendEnv LANG LC_*
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    LogLevel ERROR
`;

const sshService = `[Unit]
Description=OpenBSD Secure Shell server
Documentation=man:sshd(8) man:sshd_config(5)
After=network.target auditd.service
ConditionPathExists=!/etc/ssh/sshd_not_to_be_run

[Service]
EnvironmentFile=-/etc/default/ssh
ExecStartPre=/usr/sbin/sshd -t
ExecStart=/usr/sbin/sshd -D $SSHD_OPTS
ExecReload=/usr/sbin/sshd -t
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
Restart=on-failure
RestartPreventExitStatus=255
Type=notify

[Install]
WantedBy=multi-user.target
Alias=sshd.service
`;

const texts: readonly (readonly [path: string, text: string, mode?: number])[] = [
  ["/etc/passwd", `${systemUsers.join("\n")}\n`],
  ["/etc/group", systemGroups.map(([name, gid]) => `${name}:x:${gid}:\n`).join("")],
  ["/etc/shadow", systemUsers.map((line) => `${line.split(":")[0]}:*:20000:0:99999:7:::\n`).join(""), 0o640],
  ["/usr/lib/os-release", osRelease],
  ["/etc/debian_version", "12.11\n"],
  ["/etc/issue", "Debian GNU/Linux 12 \\n \\l\n\n"],
  ["/etc/motd", ""],
  ["/etc/resolv.conf", "nameserver 192.168.56.1\n"],
  ["/etc/fstab", "/dev/vda1 / ext4 rw,discard,errors=remount-ro 0 1\n"],
  ["/etc/machine-id", "", 0o444],
  ["/etc/shells", "/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n"],
  ["/etc/timezone", "Etc/UTC\n"],
  ["/etc/nsswitch.conf", "passwd:         files systemd\ngroup:          files systemd\nhosts:          files dns\n"],
  ["/etc/environment", ""],
  ["/etc/profile", profile],
  ["/etc/bash.bashrc", systemBashrc],
  ["/etc/skel/.bashrc", skelBashrc],
  ["/etc/skel/.profile", skelProfile],
  ["/root/.bashrc", skelBashrc],
  ["/root/.profile", skelProfile],
  ["/etc/sudoers", sudoers, 0o440],
  ["/etc/sysctl.conf", ""],
  ["/etc/modules", ""],
  ["/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication no\nUsePAM yes\n"],
  ["/etc/ssh/ssh_config", sshConfig],
  ["/etc/default/ssh", "SSHD_OPTS=\n"],
  ["/lib/systemd/system/basic.target", "[Unit]\nDescription=Basic System\n"],
  [
    "/lib/systemd/system/multi-user.target",
    "[Unit]\nDescription=Multi-User System\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\n",
  ],
  ["/lib/systemd/system/ssh.service", sshService],
  ["/etc/apt/sources.list", "# The distribution's own packages are not simulated.\n"],
];

const seeds = [
  ...directories.map((path) => seedOf(path)),
  ...specialDirectories.map(([path, mode]) => seedOf(path, undefined, { mode })),
  ...links.map(([path, target]) => seedOf(path, target, { kind: "link" })),
  ...texts.map(([path, text, mode = 0o644]) => seedOf(path, text, { mode, gid: path === "/etc/shadow" ? 42 : 0 })),
];
