import { describe, expect, test } from "vitest";
import { resourceName } from "../../../src/kinds/define.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { makeLab } from "../kubelet/setup.ts";

const more = `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: sts}
spec:
  serviceName: sts
  selector: {matchLabels: {app: sts}}
  template: {metadata: {labels: {app: sts}}, spec: {containers: [{name: c, image: nginx}]}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: sum}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox, command: ["true"]}]}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: each}
spec:
  schedule: "0 0 1 1 *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  maxReplicas: 3
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  behavior: {scaleDown: {tolerance: "0.050", policies: [{type: Pods, value: 1, periodSeconds: 60}]}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 50%, selector: {matchLabels: {app: web}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: none}
spec: {podSelector: {}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: few}
spec: {hard: {pods: "50", requests.cpu: 1000m}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: some}
spec: {limits: [{type: Container, default: {cpu: 500m}}]}`;

describe("kubectl get -o yaml | kubectl apply -f -", () => {
  const lab = makeLab();
  lab.apply(more);
  lab.world.advance(60);

  // What lives by being written anew, what is no desired state, and what nobody may apply.
  const leftOut =
    /^(events|leases|componentstatuses|nodes|endpoints|endpointslices|certificatesigningrequests|controllerrevisions)(\.|$)/;
  const kinds = lab.api
    .kinds()
    .filter(({ storedAs, plural }) => !storedAs && !leftOut.test(plural))
    .filter(({ verbs }) => ["list", "update"].every((verb) => !verbs || verbs.some((one) => one === verb)))
    .map(resourceName)
    .filter((resource) => lab.api.list(resource).length > 0);

  test("there is something of most kinds", () => expect(kinds.length).toBeGreaterThan(20));

  test.each(kinds)("changes nothing of %s", (resource) => {
    const wanted = () =>
      lab.api.list<KubeObject>(resource).map(({ metadata, status: _, ...rest }) => {
        const { name, namespace, labels, generation, ownerReferences } = metadata;
        return { name, namespace, labels, generation, ownerReferences, ...rest };
      });
    const before = wanted();
    const line = `kubectl get ${resource} -A -o yaml | kubectl apply -f -`;
    const first = lab.sh("cp", line);
    expect(first.stderr.split("\n").filter((text) => text && !text.startsWith("Warning:"))).toEqual([]);
    expect(wanted()).toEqual(before);
    // What is applied has its resourceVersion in it, so that kubectl says "configured" each time.
    expect(lab.sh("cp", line).status).toBe(0);
    expect(wanted()).toEqual(before);
  });
});
