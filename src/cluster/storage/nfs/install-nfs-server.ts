import { root } from "../../../machine/define-files.ts";
import { installPrograms } from "../../../machine/exec.ts";
import type { Machine } from "../../../machine/machine.ts";
import { unitsOf } from "../../../machine/units/units.ts";
import { nfsPrograms } from "./nfs-server.ts";

const unit = `[Unit]
Description=NFS server and services
After=network.target

[Service]
ExecStartPre=/usr/sbin/exportfs -r
ExecStart=/usr/sbin/rpc.nfsd
ExecReload=/usr/sbin/exportfs -r
ExecStopPost=/usr/sbin/exportfs -au

[Install]
WantedBy=multi-user.target
Alias=nfs-kernel-server.service
`;
const UNIT = "/lib/systemd/system/nfs-server.service";

/** Installs an NFS server that exports /srv/nfs to everybody, and starts it. */
export function installNfsServer(machine: Machine): void {
  const { files } = machine;
  installPrograms(files, nfsPrograms);
  files.mkdir("/srv/nfs", root, { parents: true, mode: 0o777 });
  files.chmod("/srv/nfs", 0o777, root);
  files.mkdir("/var/lib/nfs", root, { parents: true });
  files.write("/etc/exports", "/srv/nfs *(rw,sync,no_subtree_check,no_root_squash)\n", root);
  files.write(UNIT, unit, root);
  for (const link of ["multi-user.target.wants/nfs-server.service", "nfs-kernel-server.service"])
    files.symlink(UNIT, `/etc/systemd/system/${link}`, root);
  const units = unitsOf(machine);
  machine.start({
    argv: ["systemctl", "start", "nfs-server"],
    group: "new",
    terminal: null,
    *body() {
      yield* units.start("nfs-server.service");
      return 0;
    },
  });
}
