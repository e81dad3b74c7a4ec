import type { Group, Verb } from "../define.ts";
import { config } from "./config/index.ts";
import { get } from "./get/index.ts";
import { options } from "./options.ts";
import { version } from "./version.ts";

/** All commands that run. */
export const verbs: readonly Verb[] = [...config, get, options, version];

/** Commands that only hold others. */
export const groups: readonly Group[] = [
  { path: ["auth"], usage: "auth [flags] [options]", short: "Inspect authorization" },
  { path: ["certificate"], usage: "certificate SUBCOMMAND [options]", short: "Modify certificate resources" },
  { path: ["config"], usage: "config SUBCOMMAND [options]", short: "Modify kubeconfig files" },
  { path: ["plugin"], usage: "plugin [flags] [options]", short: "Work with plugins" },
  { path: ["rollout"], usage: "rollout SUBCOMMAND [options]", short: "Manage the rollout of a resource" },
  { path: ["set"], usage: "set SUBCOMMAND [options]", short: "Set specific features on objects" },
  { path: ["top"], usage: "top [flags] [options]", short: "Display resource (CPU/memory) usage" },
];
