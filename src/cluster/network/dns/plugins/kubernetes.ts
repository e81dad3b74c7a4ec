import { FormatError } from "../../../../base/format-error.ts";
import { labelSelectorFields } from "../../../../base/parse-selector.ts";
import { type Selector, selectorOf } from "../../../../base/selector.ts";
import type { Handler, Plugin, SetupContext } from "../define.ts";
import { clusterAnswer, negative } from "../kubernetes/answer.ts";
import type { KubernetesOptions } from "../kubernetes/options.ts";
import { zoneOf, zonesOf } from "../names.ts";
import { emptyReply } from "../reply.ts";
import { fallsThrough, fallZones, onlyOnce, settingFault, wholeNumber } from "./define.ts";

type Draft = { -readonly [K in keyof KubernetesOptions]: KubernetesOptions[K] };

function selectorFrom(words: readonly string[], what: string): Selector | undefined {
  const text = words.join(" ");
  try {
    return selectorOf(labelSelectorFields(text));
  } catch (error) {
    if (error instanceof FormatError)
      throw settingFault(`unable to parse ${what} selector value: '${text}': ${error.message}`);
    throw error;
  }
}

/** How one line of the block changes the options. */
const settings: Readonly<Record<string, (context: SetupContext, draft: Draft) => void>> = {
  endpoint_pod_names({ words }, draft) {
    if (words.remainingArgs().length > 0) throw words.argumentFault();
    draft.endpointPodNames = true;
  },
  pods({ words }, draft) {
    const [mode, ...more] = words.remainingArgs();
    if (mode === undefined || more.length > 0) throw words.argumentFault();
    if (mode !== "disabled" && mode !== "insecure" && mode !== "verified")
      throw settingFault(`wrong value for pods: ${mode},  must be one of: disabled, verified, insecure`);
    draft.pods = mode;
  },
  namespaces({ words }, draft) {
    const args = words.remainingArgs();
    if (args.length === 0) throw words.argumentFault();
    draft.namespaces = args;
  },
  labels({ words }, draft) {
    const args = words.remainingArgs();
    if (args.length === 0) throw words.argumentFault();
    draft.labels = selectorFrom(args, "label");
  },
  namespace_labels({ words }, draft) {
    const args = words.remainingArgs();
    if (args.length === 0) throw words.argumentFault();
    draft.namespaceLabels = selectorFrom(args, "namespace_label");
  },
  fallthrough({ words }, draft) {
    draft.fallThrough = fallZones(words.remainingArgs());
  },
  ttl({ words }, draft) {
    const [text] = words.remainingArgs();
    if (text === undefined) throw words.argumentFault();
    const ttl = wholeNumber(text);
    if (ttl < 0 || ttl > 3600) throw words.fault(`ttl must be in range [0, 3600]: ${ttl}`);
    draft.ttl = ttl;
  },
  noendpoints({ words }, draft) {
    if (words.remainingArgs().length > 0) throw words.argumentFault();
    draft.endpoints = false;
  },
  ignore({ words }, draft) {
    const [what] = words.remainingArgs();
    if (what === undefined) return;
    if (what !== "empty_service") throw settingFault(`unable to parse ignore value: '${what}'`);
    draft.ignoreEmpty = true;
  },
};

/** Settings that name another API server: the pod's own is used here, and the log says so. */
const elsewhere: Readonly<Record<string, (count: number) => boolean>> = {
  endpoint: (count) => count > 0,
  tls: (count) => count === 3,
  kubeconfig: (count) => count === 1 || count === 2,
  apiserver_qps: (count) => count === 1,
  apiserver_burst: (count) => count === 1,
  apiserver_max_inflight: (count) => count === 1,
  startup_timeout: (count) => count === 1,
};

function optionsOf(context: SetupContext): KubernetesOptions {
  const { words, host } = context;
  const args = words.remainingArgs();
  const zones = args.length > 0 ? args.flatMap(zonesOf) : context.zones;
  const primary = zones.find((zone) => !/\.(in-addr|ip6)\.arpa\.$/.test(zone));
  if (primary === undefined) throw settingFault("non-reverse zone name must be used");
  const draft: Draft = {
    zones,
    primary,
    pods: "disabled",
    endpointPodNames: false,
    namespaces: [],
    labels: undefined,
    namespaceLabels: undefined,
    fallThrough: undefined,
    ttl: 5,
    endpoints: true,
    ignoreEmpty: false,
  };
  while (words.nextBlock()) {
    const name = words.value;
    const other = elsewhere[name];
    if (other) {
      if (!other(words.remainingArgs().length)) throw words.argumentFault();
      host.say(`[WARNING] plugin/kubernetes: ${name} is not simulated here, it has no effect`);
      continue;
    }
    const setting = settings[name];
    if (!setting) throw words.fault(`unknown property '${name}'`);
    setting(context, draft);
  }
  if (draft.namespaces.length > 0 && draft.namespaceLabels)
    throw words.fault("namespaces and namespace_labels cannot both be set");
  return draft;
}

/** kubernetes: the records of the cluster's services and pods. */
export const kubernetes: Plugin = {
  name: "kubernetes",
  setup(context) {
    let options: KubernetesOptions | undefined;
    for (const _ of onlyOnce(context.words)) options = optionsOf(context);
    if (!options) return undefined;
    const source = context.host.cluster();
    if (!source)
      throw settingFault(
        "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined",
      );
    if (options.pods === "verified") source.followPods();
    context.shared.readiness.set("kubernetes", () => source.synced);
    const own = context.host.addresses;
    return handlerOf(options, source, own);
  },
};

function handlerOf(
  options: KubernetesOptions,
  source: NonNullable<ReturnType<SetupContext["host"]["cluster"]>>,
  own: readonly string[],
): Handler {
  return {
    plugin: "kubernetes",
    serve(request, next) {
      const zone = zoneOf(options.zones, request.name);
      if (zone === undefined) return next(request);
      const asked = { source, options, zone, request, own };
      const found = clusterAnswer(asked);
      if (!found) {
        if (fallsThrough(options.fallThrough, request.name)) return next(request);
        return { reply: negative(asked, source.synced ? "NXDOMAIN" : "SERVFAIL") };
      }
      if (found.answers.length === 0) return { reply: negative(asked, "NOERROR") };
      const { answers, additional = [] } = found;
      return { reply: emptyReply("NOERROR", { authoritative: true, answers, additional }) };
    },
  };
}
