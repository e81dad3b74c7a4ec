import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { equal } from "./equal.ts";
import { mandatory, priorityLevels, withGoNames } from "./flow-control.ts";
import { forbidden, required, unsupported, wrong } from "./problem.ts";
import type { PriorityLevelConfiguration, Queuing } from "./types/flow-control.ts";

type Spec = PriorityLevelConfiguration["spec"];

/** How many requests of a level the API server serves at a time. Requests are not limited in the lab. */
export const priorityLevelConfiguration: Kind<PriorityLevelConfiguration> = {
  kind: "PriorityLevelConfiguration",
  plural: "prioritylevelconfigurations",
  group: "flowcontrol.apiserver.k8s.io",
  version: "v1",
  namespaced: false,
  subresources: [{ name: "status", kind: "PriorityLevelConfiguration", verbs: ["get", "patch", "update"] }],
  countsGenerations: true,
  defaults,
  prepareForCreate(object) {
    object.status = {};
  },
  problems,
  columns: [
    nameColumn,
    column("Type", ({ spec }) => spec.type ?? ""),
    column("NominalConcurrencyShares", ({ spec }) => spec.limited?.nominalConcurrencyShares ?? "<none>"),
    column("Queues", ({ spec }) => spec.limited?.limitResponse?.queuing?.queues ?? "<none>"),
    column("HandSize", ({ spec }) => spec.limited?.limitResponse?.queuing?.handSize ?? "<none>"),
    column("QueueLengthLimit", ({ spec }) => spec.limited?.limitResponse?.queuing?.queueLengthLimit ?? "<none>"),
    ageColumn,
  ],
};

function defaults(object: PriorityLevelConfiguration): void {
  object.spec ??= {};
  const { exempt, limited } = object.spec;
  if (exempt) {
    exempt.nominalConcurrencyShares ??= 0;
    exempt.lendablePercent ??= 0;
  }
  if (!limited) return;
  limited.nominalConcurrencyShares ??= 30;
  limited.lendablePercent ??= 0;
  const queuing = limited.limitResponse?.queuing;
  if (!queuing) return;
  queuing.handSize ||= 8;
  queuing.queues ||= 64;
  queuing.queueLengthLimit ||= 50;
}

/** kubernetes pkg/apis/flowcontrol/validation ValidatePriorityLevelConfiguration, 1.35. */
function problems({ metadata: { name }, spec }: PriorityLevelConfiguration): readonly Problem[] {
  const found: Problem[] = [];
  const { type = "", limited, exempt } = spec;
  if ((name === "exempt") !== (type === "Exempt"))
    found.push(wrong("spec.type", type, "type must be 'Exempt' if and only if name is 'exempt'"));
  if (type === "Exempt") {
    if (limited) found.push(forbidden("spec.limited", "must be nil if the type is not Limited"));
    if (exempt) checkExempt(exempt, found);
  } else if (type === "Limited") {
    if (exempt) found.push(forbidden("spec.exempt", "must be nil if the type is Limited"));
    if (limited) checkLimited(limited, found);
    else found.push(required("spec.limited", "must not be empty when type is Limited"));
  } else found.push(unsupported("spec.type", type, ["Exempt", "Limited"]));
  if (mandatory.includes(name)) checkMandatory(name, spec, found);
  return found;
}

function checkMandatory(name: string, spec: Spec, problems: Problem[]): void {
  const fixed = priorityLevels[name] ?? {};
  const compared = name === "exempt" ? { ...spec, exempt: fixed.exempt } : spec;
  if (equal(compared, fixed)) return;
  const but = name === "exempt" ? " except the 'spec.exempt' field" : "";
  problems.push(wrong("spec", withGoNames(spec), `spec of '${name}'${but} must equal the fixed value`));
}

function checkExempt(
  { nominalConcurrencyShares: shares, lendablePercent }: NonNullable<Spec["exempt"]>,
  problems: Problem[],
) {
  if (shares !== undefined && shares < 0)
    problems.push(wrong("spec.exempt.nominalConcurrencyShares", shares, "must be a non-negative integer"));
  checkPercent(lendablePercent, "spec.exempt.lendablePercent", problems);
}

function checkPercent(value: number | undefined, path: string, problems: Problem[]): void {
  if (value !== undefined && (value < 0 || value > 100))
    problems.push(wrong(path, value, "must be between 0 and 100, inclusive"));
}

function checkLimited(limited: NonNullable<Spec["limited"]>, problems: Problem[]): void {
  const { nominalConcurrencyShares: shares = 0, borrowingLimitPercent: borrows, limitResponse = {} } = limited;
  const path = "spec.limited";
  if (shares < 0) problems.push(wrong(`${path}.nominalConcurrencyShares`, shares, "must be a non-negative integer"));
  const { type = "", queuing } = limitResponse;
  const at = `${path}.limitResponse`;
  if (type === "Reject") {
    if (queuing) problems.push(forbidden(`${at}.queuing`, "must be nil if limited.limitResponse.type is not Limited"));
  } else if (type === "Queue") {
    if (queuing) checkQueuing(queuing, `${at}.queuing`, problems);
    else problems.push(required(`${at}.queuing`, "must not be empty if limited.limitResponse.type is Limited"));
  } else problems.push(unsupported(`${at}.type`, type, ["Queue", "Reject"]));
  checkPercent(limited.lendablePercent, `${path}.lendablePercent`, problems);
  if (borrows !== undefined && borrows < 0)
    problems.push(wrong(`${path}.borrowingLimitPercent`, borrows, "if specified, must be a non-negative integer"));
}

/** What a hand of queues may need of a hash of 64 bits (apiserver util/shufflesharding, 1.35). */
const hashBits = 60;
const mostQueues = 10_000_000;

function checkQueuing({ queues = 0, handSize = 0, queueLengthLimit = 0 }: Queuing, path: string, problems: Problem[]) {
  const positive = "must be positive";
  if (queueLengthLimit <= 0) problems.push(wrong(`${path}.queueLengthLimit`, queueLengthLimit, positive));
  if (queues <= 0) problems.push(wrong(`${path}.queues`, queues, positive));
  else if (queues > mostQueues)
    problems.push(wrong(`${path}.queues`, queues, `must not be greater than ${mostQueues}`));
  const bits = Math.ceil(Math.log2(queues) * handSize);
  const at = `${path}.handSize`;
  if (handSize <= 0) problems.push(wrong(at, handSize, positive));
  else if (handSize > queues) problems.push(wrong(at, handSize, `should not be greater than queues (${queues})`));
  else if (bits > hashBits) {
    const what = `required entropy bits of deckSize ${queues} and handSize ${handSize}`;
    problems.push(wrong(at, handSize, `${what} should not be greater than ${hashBits}`));
  }
}
