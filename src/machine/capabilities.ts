import type { Credentials } from "./define.ts";

/** Linux' capabilities in the order of their numbers (capability.h, 6.1). */
const names =
  `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
  NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT
  SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG
  WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`.split(/\s+/);

export const allCapabilities: ReadonlySet<string> = new Set(names);

/** Whether a process may do what a capability is for: root where nothing is said, else by its own set. */
export function capable({ uid, capabilities }: Credentials, name: string): boolean {
  return capabilities ? capabilities.has(name) : uid === 0;
}

/** A set as /proc/PID/status shows it: 00000000a80425fb. */
export function capabilityMask(set: ReadonlySet<string>): string {
  let mask = 0n;
  names.forEach((name, bit) => {
    if (set.has(name)) mask |= 1n << BigInt(bit);
  });
  return mask.toString(16).padStart(16, "0");
}
