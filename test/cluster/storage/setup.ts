import { itemsOf, readManifests } from "../../../src/base/yaml-in/read-manifests.ts";
import type { Api } from "../../../src/cluster/apiserver/define.ts";
import type { World } from "../../../src/cluster/world.ts";
import type { Event } from "../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { makeWorld } from "../../../src/lab/make-world.ts";
import { root } from "../../../src/machine/define-files.ts";
import { hostOf } from "../../machine/harness.ts";

/** A control plane and two workers with add-ons of storage. */
export interface StorageLab {
  readonly world: World;
  readonly api: Api;
  /** What root's shell on a host prints; its errors too. */
  sh(host: string, line: string): string;
  /** Creates the objects of manifests, in namespace default where they name none. */
  apply(manifests: string): void;
  pass(seconds: number): void;
  /** "Normal Provisioning …" of an object, each once. */
  events(kind: string, name: string): string[];
}

export function storageLab(...addons: string[]): StorageLab {
  const hosts = [
    { name: "cp", role: "control-plane" },
    { name: "w1", role: "worker" },
    { name: "w2", role: "worker" },
  ] as const;
  const { world } = makeWorld({ name: "storage", hosts, addons }, "storage");
  const api = world.admin();
  const namespaced = (object: KubeObject) => api.kinds().find(({ kind }) => kind === object.kind)?.namespaced;
  return {
    world,
    api,
    sh(host, line) {
      const machine = world.machines.get(host);
      if (!machine) throw new Error(`no host ${host}`);
      const { stdout, stderr } = hostOf(machine).run(["bash", "-lc", line], { who: root });
      return stdout + stderr;
    },
    apply(manifests) {
      for (const { object, fault } of readManifests(manifests, "test")) {
        if (!object) throw new Error(String(fault));
        for (const item of (itemsOf(object) ?? [object]) as unknown as KubeObject[]) {
          const metadata = namespaced(item) ? { namespace: "default", ...item.metadata } : item.metadata;
          api.create({ ...item, metadata });
        }
      }
    },
    pass: (seconds) => world.advance(seconds),
    events: (kind, name) =>
      api
        .list<Event>("events")
        .filter(({ involvedObject: o }) => o.kind === kind && o.name === name)
        .map(({ type, reason, message }) => `${type} ${reason} ${message}`),
  };
}

/** A claim's manifest. */
export function claim(name: string, spec: string, size = "1Gi"): string {
  return `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: ${size}}}, ${spec}}
`;
}

/** A pod that runs a line of shell and has a volume at /data. */
export function pod(name: string, volume: string, line: string, more = ""): string {
  return `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  ${more}
  terminationGracePeriodSeconds: 0
  containers:
  - {name: main, image: "busybox:1.36", command: [sh, -c, ${JSON.stringify(`${line}; sleep 36000`)}], volumeMounts: [{name: data, mountPath: /data}]}
  volumes: [{name: data, ${volume}}]
`;
}

export const ofClaim = (name: string) => `persistentVolumeClaim: {claimName: ${name}}`;
