import { can } from "../src/cluster/apiserver/authorization/can.ts";
import type { Api, UserInfo } from "../src/cluster/apiserver/define.ts";
import { ApiServer } from "../src/cluster/apiserver/server.ts";
import { RUNTIME_PART, type Runtime } from "../src/cluster/kubelet/runtime/runtime.ts";
import type { World } from "../src/cluster/world.ts";
import type { Kind } from "../src/kinds/define.ts";
import { matchesLabels } from "../src/kinds/label-selector.ts";
import type { Pod } from "../src/kinds/types/pod.ts";
import type { Files } from "../src/machine/define-files.ts";
import type { Machine } from "../src/machine/machine.ts";
import { enabledState } from "../src/machine/units/enable.ts";
import { unitsOf } from "../src/machine/units/units.ts";
import { type AccessQuestion, type ObjectReference, Unmet, type View } from "./define.ts";
import { selectorLabels } from "./words.ts";

/** Whoever grades asks as this; no state of the world decides whether it may. */
const grader: UserInfo = { name: "system:cka-lab", groups: ["system:masters", "system:authenticated"] };

/** The state of a world at this moment. Looking changes nothing but what every client leaves behind (an access log). */
export function viewOf(world: World): View {
  const server = (): ApiServer => {
    const door = world.door();
    if (!(door instanceof ApiServer)) throw new Unmet("the API server does not answer");
    return door;
  };
  const api = (): Api => server().client(grader, "cka-lab");
  const host = (name: string): Machine => {
    const machine = world.machines.get(name);
    if (!machine) throw new Unmet(`there is no host ${name} (there are ${[...world.machines.keys()].join(", ")})`);
    return machine;
  };
  return {
    now: world.clock.now,
    kind: (word) => kindFor(api(), word),
    find: ({ kind, namespace, name }: ObjectReference) => api().get(resourceOf(kind), namespace, name),
    list: (kind, namespace) => api().list(resourceOf(kind), kind.namespaced ? namespace : undefined),
    can: (user, question: AccessQuestion) => can(server().context.authorizer, user, question),
    machine: (place, namespace) =>
      place.startsWith("pod/") ? containerOf(world, api(), place.slice(4), namespace) : host(place),
    files: (name): Files => host(name).files,
    unit(name, unit) {
      const machine = host(name);
      return { active: unitsOf(machine).get(unit).active, enabled: enabledState(machine.files, unit) };
    },
  };
}

function resourceOf(kind: Kind): string {
  return kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
}

function kindFor(api: Api, word: string): Kind {
  const dot = word.indexOf(".");
  const name = (dot < 0 ? word : word.slice(0, dot)).toLowerCase();
  const group = dot < 0 ? undefined : word.slice(dot + 1);
  const kind = api
    .kinds()
    .find(
      (one) =>
        (one.plural === name || one.kind.toLowerCase() === name || one.short?.includes(name)) &&
        (group === undefined || one.group === group) &&
        !one.storedAs,
    );
  if (!kind) throw new Unmet(`the API server has no resource ${word}`);
  return kind;
}

/** The first running container of a pod, named or found by its labels. */
function containerOf(world: World, api: Api, word: string, namespace: string): Machine {
  const labels = selectorLabels(word);
  const pods = labels
    ? api.list<Pod>("pods", namespace).filter((pod) => matchesLabels(labels, pod.metadata.labels))
    : [api.get<Pod>("pods", namespace, word)].filter((pod) => pod !== undefined);
  if (pods.length === 0) throw new Unmet(`there is no pod ${word} in namespace ${namespace}`);
  for (const pod of pods) {
    const runtime = world.machines.get(pod.spec.nodeName ?? "")?.parts.get(RUNTIME_PART) as Runtime | undefined;
    const container = runtime?.containersOf(pod.metadata.uid ?? "").find((one) => one.state === "running");
    if (container) return container.machine;
  }
  throw new Unmet(`no container of pod ${word} in namespace ${namespace} is running`);
}
