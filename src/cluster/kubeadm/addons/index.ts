import { SECOND } from "../../../base/clock.ts";
import { root } from "../../../machine/define-files.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { Api } from "../../apiserver/define.ts";
import { installNfsServer } from "../../storage/nfs/install-nfs-server.ts";
import { createAll } from "../init.ts";
import { csiHostpath, csiHostpathSnapshotClass } from "./csi-hostpath.ts";
import { localPathProvisioner } from "./local-path-provisioner.ts";
import { metricsServer } from "./metrics-server.ts";
import { volumeSnapshots } from "./volume-snapshots.ts";

/** How long a custom kind may take until it is served, in seconds. */
const LONGEST = 60;

/** What a world's `addons` may name, and what it means: installed, or laid ready on the control plane's disk. */
const addons: Readonly<Record<string, (api: Api, host: Machine) => void>> = {
  "csi-hostpath": (api, host) => {
    createAll(api, volumeSnapshots);
    createAll(api, csiHostpath);
    untilServed(api, host, "VolumeSnapshotClass");
    createAll(api, csiHostpathSnapshotClass);
  },
  "local-path-provisioner": (api) => createAll(api, localPathProvisioner(true)),
  "local-path-provisioner-manifest": (_, host) =>
    layReady(host, "/opt/local-path-storage/local-path-storage.yaml", localPathProvisioner(false)),
  "metrics-server": (api) => createAll(api, metricsServer(true)),
  "metrics-server-manifest": (_, host) => layReady(host, "/opt/metrics-server/components.yaml", metricsServer(false)),
  "nfs-server": (_, host) => installNfsServer(host),
};

/** Lets time pass until the API server serves a custom kind. */
function untilServed(api: Api, { kernel: { clock } }: Machine, kind: string): void {
  for (let tries = 0; !api.kinds().some((one) => one.kind === kind); tries++) {
    if (tries > LONGEST) throw new Error(`the kind ${kind} is not served after ${LONGEST} s`);
    clock.run(clock.now + SECOND);
  }
}

/** Writes a manifest to a host's disk, for the candidate to apply. */
function layReady({ files }: Machine, path: string, text: string): void {
  files.mkdir(path.slice(0, path.lastIndexOf("/")), root, { parents: true });
  files.write(path, text, root);
}

/** Installs what lies beside kubeadm's own. Throws Error for what there is not. */
export function installAddon(api: Api, host: Machine, name: string): void {
  const install = Object.hasOwn(addons, name) ? addons[name] : undefined;
  if (!install) throw new Error(`there is no add-on ${name}; there are ${Object.keys(addons).sort().join(", ")}`);
  install(api, host);
}
