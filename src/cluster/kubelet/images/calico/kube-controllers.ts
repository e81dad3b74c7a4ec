import { Status } from "../../../../kinds/status.ts";
import type { Node } from "../../../../kinds/types/core.ts";
import type { Program, Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { followResources } from "../../../daemon/follow-resources.ts";
import type { IpamBlock } from "../../../network/cni/calico/define.ts";
import { releaseBlocks } from "../../../network/cni/calico/ipam.ts";
import type { Image } from "../define.ts";
import { calicoLog, calicoTags } from "./define.ts";

/** Under this name the container keeps that its controllers have begun. */
const BEGUN = "kube-controllers";

/** Calico's controllers: what nodes that are gone had of the pools is free again. */
function* run(proc: Process): Task<number> {
  const { machine } = proc;
  const api = new Connection({ machine, agent: "kube-controllers" });
  try {
    yield* calicoLog(
      proc,
      "INFO",
      "main.go 107",
      'Loaded configuration from environment config=&config.Config{EnabledControllers:"node"}',
    );
    for (;;) {
      try {
        api.list("ippools.crd.projectcalico.org");
        break;
      } catch (error) {
        if (!(error instanceof Status || error instanceof Unreachable)) throw error;
        yield* calicoLog(proc, "ERROR", "main.go 297", `Failed to reach apiserver error=${error.message}`);
        yield* proc.sleep(5);
      }
    }
    yield* calicoLog(proc, "INFO", "main.go 113", "Ensuring Calico datastore is initialized");
    machine.parts.set(BEGUN, true);
    yield* calicoLog(proc, "INFO", "controller.go 158", "Starting Node controller");
    yield* followResources(proc, api, ["nodes"], () => {
      const there = new Set(api.list<Node>("nodes").map(({ metadata }) => metadata.name));
      const owners = api
        .list<IpamBlock>("ipamblocks.crd.projectcalico.org")
        .map(({ spec }) => spec.affinity?.replace(/^host:/, "") ?? "");
      for (const owner of new Set(owners)) if (owner !== "" && !there.has(owner)) releaseBlocks(api, owner);
      return undefined;
    });
    return 0;
  } finally {
    machine.parts.delete(BEGUN);
    api.close();
  }
}

/** What the probes ask: -r for ready, -l for live. */
function* check(proc: Process): Task<number> {
  if (proc.machine.parts.get(BEGUN)) {
    yield* proc.write(1, "Ready\n");
    return 0;
  }
  yield* proc.write(1, "initialized to false\n");
  return 1;
}

const controllers: Program = { name: "kube-controllers", folder: "/usr/bin", run: endsOnTerm(run) };
const checkStatus: Program = { name: "check-status", folder: "/usr/bin", run: check };

export const calicoKubeControllers: Image = {
  repository: "docker.io/calico/kube-controllers",
  tags: calicoTags,
  size: 50_000_000,
  usage: { cpu: 3, memory: 25 },
  entrypoint: ["/usr/bin/kube-controllers"],
  user: 999,
  programs: [controllers, checkStatus],
  userland: "none",
};
