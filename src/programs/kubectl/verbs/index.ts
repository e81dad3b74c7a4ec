import type { Group, Verb } from "../define.ts";
import { alpha } from "./alpha.ts";
import { annotate } from "./annotate.ts";
import { apiResources } from "./api-resources.ts";
import { apiVersions } from "./api-versions.ts";
import { applyVerbs } from "./apply/index.ts";
import { attach } from "./attach.ts";
import { auth } from "./auth/index.ts";
import { autoscale } from "./autoscale.ts";
import { certificate } from "./certificate/index.ts";
import { clusterInfoVerbs } from "./cluster-info/index.ts";
import { completion } from "./completion.ts";
import { config } from "./config/index.ts";
import { cordon } from "./cordon.ts";
import { cp } from "./cp/index.ts";
import { createVerbs } from "./create/index.ts";
import { debug } from "./debug/index.ts";
import { deleteVerb } from "./delete.ts";
import { describe } from "./describe.ts";
import { diff } from "./diff/index.ts";
import { drain } from "./drain.ts";
import { edit } from "./edit.ts";
import { events } from "./events.ts";
import { exec } from "./exec.ts";
import { explain } from "./explain.ts";
import { expose } from "./expose.ts";
import { get } from "./get/index.ts";
import { kustomize } from "./kustomize.ts";
import { label } from "./label.ts";
import { logs } from "./logs.ts";
import { options } from "./options.ts";
import { patch } from "./patch.ts";
import { list as pluginList } from "./plugin/list.ts";
import { portForward } from "./port-forward/index.ts";
import { proxy } from "./proxy/index.ts";
import { replace } from "./replace.ts";
import { rollout } from "./rollout/index.ts";
import { run } from "./run/index.ts";
import { scale } from "./scale.ts";
import { setVerbs } from "./set/index.ts";
import { taint } from "./taint.ts";
import { top } from "./top/index.ts";
import { uncordon } from "./uncordon.ts";
import { version } from "./version.ts";
import { wait } from "./wait.ts";

/** All commands that run. */
export const verbs: readonly Verb[] = [
  alpha,
  annotate,
  apiResources,
  apiVersions,
  ...applyVerbs,
  attach,
  ...auth,
  autoscale,
  ...certificate,
  ...clusterInfoVerbs,
  completion,
  ...config,
  cordon,
  cp,
  ...createVerbs,
  debug,
  deleteVerb,
  describe,
  diff,
  drain,
  edit,
  events,
  exec,
  explain,
  expose,
  get,
  kustomize,
  label,
  logs,
  options,
  patch,
  pluginList,
  portForward,
  proxy,
  replace,
  ...rollout,
  run,
  scale,
  ...setVerbs,
  taint,
  ...top,
  uncordon,
  version,
  wait,
];

/** Commands that only hold others. */
export const groups: readonly Group[] = [
  { path: ["auth"], usage: "auth [flags] [options]", short: "Inspect authorization" },
  {
    path: ["certificate"],
    usage: "certificate SUBCOMMAND [options]",
    short: "Modify certificate resources",
    alone: { on: "out", status: 0, anyWords: true },
  },
  { path: ["config"], usage: "config SUBCOMMAND [options]", short: "Modify kubeconfig files" },
  {
    path: ["create", "secret"],
    usage: "create secret (docker-registry | generic | tls) [options]",
    short: "Create a secret using a specified subcommand",
  },
  {
    path: ["create", "service"],
    aliases: ["svc"],
    usage: "create service [flags] [options]",
    short: "Create a service using a specified subcommand",
  },
  { path: ["plugin"], usage: "plugin [flags] [options]", short: "Work with plugins" },
  {
    path: ["rollout"],
    usage: "rollout SUBCOMMAND [options]",
    short: "Manage the rollout of a resource",
    alone: { on: "out", status: 1 },
  },
  { path: ["set"], usage: "set SUBCOMMAND [options]", short: "Set specific features on objects" },
  { path: ["top"], usage: "top [flags] [options]", short: "Display resource (CPU/memory) usage" },
];
