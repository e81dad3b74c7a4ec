import type { Program } from "../../machine/define.ts";
import { chroot } from "./chroot.ts";
import { hostname, hostnamectl, uname } from "./hostname.ts";
import { groups, id, whoami } from "./id.ts";
import { journalctl } from "./journalctl.ts";
import { kill } from "./kill.ts";
import { logger } from "./logger.ts";
import { nologin } from "./nologin.ts";
import { openssl } from "./openssl/openssl.ts";
import { pgrep, pkill } from "./pgrep.ts";
import { ps } from "./ps/ps.ts";
import { scp } from "./ssh/scp.ts";
import { ssh } from "./ssh/ssh.ts";
import { sshd } from "./ssh/sshd.ts";
import { su } from "./su.ts";
import { sudo } from "./sudo.ts";
import { systemctl } from "./systemctl/systemctl.ts";

/** The programs for looking after a host. */
export const adminPrograms: readonly Program[] = [
  chroot,
  groups,
  hostname,
  hostnamectl,
  id,
  journalctl,
  kill,
  logger,
  nologin,
  openssl,
  pgrep,
  pkill,
  ps,
  scp,
  ssh,
  sshd,
  su,
  sudo,
  systemctl,
  uname,
  whoami,
];
