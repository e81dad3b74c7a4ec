import { root } from "../../../machine/define-files.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { Api } from "../../apiserver/define.ts";
import { createAll } from "../init.ts";
import { metricsServer } from "./metrics-server.ts";

/** What a world's `addons` may name, and what it means: installed, or laid ready on the control plane's disk. */
const addons: Readonly<Record<string, (api: Api, host: Machine) => void>> = {
  "metrics-server": (api) => createAll(api, metricsServer(true)),
  "metrics-server-manifest": (_, { files }) => {
    files.mkdir("/opt/metrics-server", root, { parents: true });
    files.write("/opt/metrics-server/components.yaml", metricsServer(false), root);
  },
};

/** Installs what lies beside kubeadm's own. Throws Error for what there is not. */
export function installAddon(api: Api, host: Machine, name: string): void {
  const install = Object.hasOwn(addons, name) ? addons[name] : undefined;
  if (!install) throw new Error(`there is no add-on ${name}; there are ${Object.keys(addons).sort().join(", ")}`);
  install(api, host);
}
