import { SECOND } from "../../../base/clock.ts";
import type { Stream } from "../../../base/stream.ts";
import { parseRfc3339 } from "../../../base/time.ts";
import { Status } from "../../../kinds/status.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Task } from "../../../machine/define.ts";
import type { Query } from "../client.ts";
import { podOrOwner } from "../completers.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import { endsAtInterrupt } from "../ends-at-interrupt.ts";
import { CommandFault, UsageFault } from "../faults.ts";
import { findAll } from "../find-objects.ts";
import { selectorFlag } from "../flag-groups.ts";
import { boolFlag, durationFlag, intFlag, textFlag } from "../flag-types.ts";
import { bestPodOf, containerOf, containersOf, podsOf } from "../pods-of.ts";
import { resourcePath } from "../resource.ts";
import type { Found } from "../selection.ts";

const flags = {
  "all-containers": boolFlag("The logs of all containers of the pod."),
  "all-pods": boolFlag("The logs of all pods; --prefix is then on."),
  container: textFlag("The container.", { short: "c" }),
  follow: boolFlag("Go on as the log grows.", { short: "f" }),
  "ignore-errors": boolFlag("While following, go on after errors."),
  "insecure-skip-tls-verify-backend": boolFlag("Do not check the kubelet's certificate."),
  "limit-bytes": intFlag("At most this many bytes."),
  "max-log-requests": intFlag("How many logs may be followed at once with a selector.", { initial: 5 }),
  "pod-running-timeout": durationFlag("How long to wait for a pod to run.", { initial: 20 * SECOND }),
  prefix: boolFlag("Put pod and container before each line."),
  previous: boolFlag("The log of the incarnation before.", { short: "p" }),
  selector: selectorFlag,
  since: durationFlag("Only what is newer than this: 5s, 2m, 3h."),
  "since-time": textFlag("Only what is newer than this time (RFC 3339)."),
  tail: intFlag("Only so many last lines; -1 is all, 10 with a selector.", { initial: -1 }),
  timestamps: boolFlag("Put the time before each line."),
};
type Values = FlagValues<typeof flags>;

/** Prints the logs of containers. */
export const logs: Verb<typeof flags> = {
  path: ["logs"],
  usage: "logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]",
  short: "Print the logs for a container in a pod",
  examples: [
    "kubectl logs nginx",
    "kubectl logs -f -c ruby web-1",
    "kubectl logs -l app=nginx --all-containers",
    "kubectl logs --tail=20 nginx",
  ],
  flags,
  complete: podOrOwner({ container: true }),
  check({ flags: values, args }) {
    if (args.length === 0 && values.selector === "")
      return new UsageFault(
        "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
      );
    if (args.length > 2)
      return new UsageFault(
        "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
      );
    if (values.selector !== "" && args.length > 0)
      return new UsageFault("only a selector (-l) or a POD name is allowed");
    if (values["all-containers"] && values.container !== "")
      return `--all-containers=true should not be specified with container name ${values.container}`;
    if (values.since !== 0 && values["since-time"] !== "")
      return "at most one of `sinceTime` or `sinceSeconds` may be specified";
    if (values.since < 0) return "--since must be greater than 0";
    if (values.tail < -1) return "--tail must be greater than or equal to -1";
    return undefined;
  },
  *run(context, { args, flags: values, given }) {
    const selecting = values.selector !== "";
    const tail = selecting && !given.has("tail") ? 10 : values.tail;
    const pods = yield* podsMeant(context, args, values);
    const prefix = values.prefix || values["all-pods"];
    const sources = pods.flatMap((pod) => sourcesOf(context, pod, args[1] ?? values.container, values, selecting));
    const limit = values["max-log-requests"];
    if (values.follow && sources.length > 1 && sources.length > limit)
      throw new CommandFault(
        `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${limit}, use --max-log-requests to increase the limit`,
      );
    const query = queryOf(values, tail);
    const isMany = values.follow && sources.length > 1;
    yield* endsAtInterrupt(
      context,
      isMany ? followAll(context, sources, query, prefix) : printAll(context, sources, query, prefix),
    );
  },
};

function* printAll(context: Context, sources: readonly Source[], query: Query, prefix: boolean): Task {
  for (const source of sources) yield* printLog(context, source, query, prefix);
}

interface Source {
  readonly pod: Pod;
  readonly container: string;
}

function* podsMeant(context: Context, args: readonly string[], values: Values): Task<readonly Pod[]> {
  if (values.selector !== "") {
    const resource = (yield* context.mapper()).resourceFor("pods");
    const list = yield* context.client.list({ resource, namespace: context.namespace, labelSelector: values.selector });
    const pods = (list.items ?? []) as unknown as readonly Pod[];
    if (pods.length === 0) context.err.line(`No resources found in ${context.namespace} namespace.`);
    return pods;
  }
  const [first = ""] = args;
  const [found] = yield* foundOrTold(context, first.includes("/") ? [first] : ["pods", first]);
  if (!found) return [];
  if (values["all-pods"]) return yield* podsOf(context, found);
  const { pod, among } = yield* bestPodOf(context, found, values["pod-running-timeout"], "logs");
  if (among > 1) context.err.line(`Found ${among} pods, using pod/${pod.metadata.name}`);
  return [pod];
}

/** What is missing is told with its namespace (logs.go, 1.33). */
function* foundOrTold(context: Context, args: readonly string[]): Task<readonly Found[]> {
  try {
    return yield* findAll(context, { args });
  } catch (fault) {
    if (!(fault instanceof Status && fault.reason === "NotFound")) throw fault;
    throw new CommandFault(
      `error from server (NotFound): ${fault.message} in namespace ${JSON.stringify(context.namespace)}`,
    );
  }
}

function sourcesOf(
  context: Context,
  pod: Pod,
  container: string,
  values: Values,
  selecting: boolean,
): readonly Source[] {
  if (values["all-containers"]) return containersOf(pod).map(({ name }) => ({ pod, container: name }));
  if (selecting && container !== "" && !containersOf(pod).some((c) => c.name === container)) return [];
  return [{ pod, container: containerOf(context, pod, container) }];
}

function queryOf(values: Values, tail: number): Query {
  if (values["since-time"] !== "" && parseRfc3339(values["since-time"]) === undefined)
    throw new CommandFault(
      `parsing time "${values["since-time"]}" as "2006-01-02T15:04:05Z07:00": cannot parse "${values["since-time"]}" as "2006"`,
    );
  return {
    follow: values.follow || undefined,
    previous: values.previous || undefined,
    timestamps: values.timestamps || undefined,
    tailLines: tail >= 0 ? tail : undefined,
    sinceSeconds: values.since === 0 ? undefined : Math.ceil(values.since / SECOND),
    sinceTime: values["since-time"] || undefined,
    limitBytes: values["limit-bytes"] || undefined,
  };
}

function* openLog(context: Context, { pod, container }: Source, query: Query): Task<Stream<string> | string> {
  const resource = (yield* context.mapper()).resourceFor("pods");
  const path = resourcePath(resource, pod.metadata.namespace, pod.metadata.name, "log");
  const response = yield* context.client.request({ path, query: { ...query, container } });
  if (response.status >= 400) throw context.client.refusal(response, { path });
  return (response.stream as Stream<string> | undefined) ?? String(response.body ?? "");
}

function shownWith(prefix: boolean, { pod, container }: Source, text: string): string {
  if (!prefix) return text;
  return text.replace(/^(?=.)/gm, `[pod/${pod.metadata.name}/${container}] `);
}

function* printLog(context: Context, source: Source, query: Query, prefix: boolean): Task {
  const log = yield* openLog(context, source, query);
  if (typeof log === "string") {
    context.out.write(shownWith(prefix, source, log));
    return;
  }
  try {
    for (let text = yield* context.next(log); typeof text === "string"; text = yield* context.next(log)) {
      context.out.write(shownWith(prefix, source, text));
      yield* context.output.flush();
    }
  } finally {
    log.close();
  }
}

/** Several logs at once, each line as it comes. */
function* followAll(context: Context, sources: readonly Source[], query: Query, prefix: boolean): Task {
  const open: { source: Source; log: Stream<string> }[] = [];
  try {
    for (const source of sources) {
      const log = yield* openLog(context, source, query);
      if (typeof log === "string") context.out.write(shownWith(prefix, source, log));
      else open.push({ source, log });
    }
    for (;;) {
      for (const { source, log } of open)
        for (let text = log.take(); text !== undefined; text = log.take())
          context.out.write(shownWith(prefix, source, text));
      const live = open.filter(({ log }) => !log.ended);
      if (live.length === 0) return;
      yield* context.wait({ on: live.map(({ log }) => log.changed) });
    }
  } finally {
    for (const { log } of open) log.close();
  }
}
