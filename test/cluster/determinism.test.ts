import fc from "fast-check";
import { expect, test } from "vitest";
import { createKindTable } from "../../src/cluster/apiserver/kind-table.ts";
import { ApiServer } from "../../src/cluster/apiserver/server.ts";
import { createStore } from "../../src/cluster/store/store.ts";
import { resourceName } from "../../src/kinds/define.ts";
import { kinds } from "../../src/kinds/index.ts";
import { batch, runUntil, typed } from "../../src/lab/batch.ts";
import { type MadeWorld, makeWorld } from "../../src/lab/make-world.ts";
import { difference, pictureOf, storeOf } from "./picture.ts";

const SECOND = 1_000_000;

const plan = {
  name: "twins",
  hosts: [
    { name: "controlplane", role: "control-plane" },
    { name: "worker-1", role: "worker" },
    { name: "worker-2", role: "worker" },
  ],
} as const;

/** What may be typed, in any order; some of it fails, depending on what was typed before. */
const lines = [
  "kubectl create deployment web --image=nginx:1.29 --replicas=4",
  "kubectl create deployment broken --image=nginx:no-such-tag",
  "kubectl create deployment crash --image=busybox:1.36 -- sh -c 'echo hi; sleep 3; exit 1'",
  "kubectl scale deployment web --replicas=7",
  "kubectl delete deployment web",
  "kubectl get pods -A -o wide",
  "kubectl create configmap settings --from-literal=mode=dark",
  "kubectl create namespace team; kubectl create deployment api -n team --image=busybox:1.36 -- sleep 7",
  "kubectl delete namespace team --wait=false",
  "kubectl label node worker-1 disk=ssd --overwrite",
  "kubectl cordon worker-2",
  "ssh worker-1 sudo systemctl stop kubelet",
  "ssh worker-1 sudo systemctl start kubelet",
  "sudo systemctl restart kubelet; sleep 2",
  "echo $RANDOM >> /tmp/dice; date >> /tmp/dice; cat /tmp/dice",
  "(sleep 20; echo late >> /tmp/late) > /dev/null 2>&1 &",
  "sudo sed -i 's/cpu: 250m/cpu: 200m/' /etc/kubernetes/manifests/kube-apiserver.yaml",
  "sudo mv /etc/kubernetes/manifests/kube-scheduler.yaml /tmp; sleep 5; sudo mv /tmp/kube-scheduler.yaml /etc/kubernetes/manifests",
];

async function type({ world, ports }: MadeWorld, line: string): Promise<string> {
  const options = { user: "candidate", argv: typed(line), limits: { seconds: 600 } };
  const { status, stdout, stderr, problem } = await batch(world, ports, world.controlPlane, options);
  return `$ ${line}\n${stdout}${stderr}${status} ${problem ?? ""}`;
}

/** What is done to a world: a line is typed, or seconds pass. */
type Deed = string | number;

const deeds = fc.array(fc.oneof(fc.constantFrom(...lines), fc.integer({ min: 1, max: 90 })), {
  minLength: 2,
  maxLength: 8,
});

async function live(seed: string, history: readonly Deed[], pass: (made: MadeWorld, seconds: number) => Promise<void>) {
  const made = makeWorld(plan, seed);
  const said: string[] = [];
  for (const deed of history) {
    if (typeof deed === "string") said.push(await type(made, deed));
    else await pass(made, deed);
  }
  return { ...made, said };
}

const atOnce = ({ world, ports }: MadeWorld, seconds: number): Promise<void> =>
  runUntil(world, ports, world.clock.now + seconds * SECOND);

/** Lets the time of both go on until etcd can be asked, and tells where they differ. */
function compared(one: Awaited<ReturnType<typeof live>>, other: Awaited<ReturnType<typeof live>>): string | undefined {
  if (difference(one.said, other.said)) return difference(one.said, other.said);
  for (const { world } of [one, other]) world.until(() => world.door() !== undefined, "the API server answers");
  return difference(pictureOf(one.world), pictureOf(other.world));
}

test("the same seed and the same lines give the same world", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), deeds, async (seed, history) => {
      expect(compared(await live(seed, history, atOnce), await live(seed, history, atOnce))).toBeUndefined();
    }),
    { numRuns: 5 },
  );
});

test("another seed gives another world", () => {
  const [one, other] = [makeWorld(plan, "one"), makeWorld(plan, "other")];
  expect(difference(pictureOf(one.world), pictureOf(other.world))).toBeDefined();
});

test("a minute is six hundred tenths of a second", async () => {
  const history = [lines[0], lines[2], lines[11], 60, lines[7], lines[16], 60].filter((deed) => deed !== undefined);
  const inTenths = async ({ world, ports }: MadeWorld, seconds: number) => {
    for (let i = 0; i < seconds * 10; i++) await runUntil(world, ports, world.clock.now + SECOND / 10);
  };
  expect(compared(await live("tenths", history, atOnce), await live("tenths", history, inTenths))).toBeUndefined();
});

test("it does not matter how time is cut", async () => {
  await fc.assert(
    fc.asyncProperty(deeds, fc.infiniteStream(fc.integer({ min: 1, max: 7 * SECOND })), async (history, cuts) => {
      const inCuts = async ({ world, ports }: MadeWorld, seconds: number) => {
        const end = world.clock.now + seconds * SECOND;
        while (world.clock.now < end) {
          const cut = cuts.next().value as number;
          await runUntil(world, ports, Math.min(end, world.clock.now + cut));
        }
      };
      expect(compared(await live("cuts", history, atOnce), await live("cuts", history, inCuts))).toBeUndefined();
    }),
    { numRuns: 5 },
  );
});

test("etcd restored from a snapshot gives the same answers", async () => {
  const history = [lines[0], lines[1], lines[6], lines[7], 40, lines[8], 3].filter((deed) => deed !== undefined);
  const { world } = await live("restored", history, atOnce);
  const store = createStore(world.clock);
  store.restore(storeOf(world).snapshot());
  expect(store.revision).toBeGreaterThan(storeOf(world).revision);
  const { context } = world.door() as ApiServer;
  const { clock, random, flags, hooks } = context;
  const server = new ApiServer({ ...hooks, store, clock, random, flags, kinds: createKindTable(kinds) });
  const admin = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };
  const [before, after] = [(world.door() as ApiServer).client(admin, "test"), server.client(admin, "test")];
  for (const kind of kinds.filter(({ storedAs }) => !storedAs)) {
    const resource = resourceName(kind);
    const list = (api: typeof before, complete: typeof context.complete) =>
      api.list(resource).map((object) => JSON.stringify(complete(object)));
    expect(list(after, server.context.complete)).toEqual(list(before, context.complete));
  }
});
