import type { Command } from "./command-tree.ts";
import type { Flag, Flags } from "./define.ts";
import { globalFlags } from "./global-flags.ts";

/** The commands by what they are for, in the order of the help. One that stands nowhere comes last. */
export const sections: readonly (readonly [title: string, names: readonly string[]])[] = [
  ["Basic Commands (Beginner)", ["create", "expose", "run", "set"]],
  ["Basic Commands (Intermediate)", ["explain", "get", "edit", "delete"]],
  ["Deploy Commands", ["rollout", "scale", "autoscale"]],
  ["Cluster Management Commands", ["certificate", "cluster-info", "top", "cordon", "uncordon", "drain", "taint"]],
  [
    "Troubleshooting and Debugging Commands",
    ["describe", "logs", "attach", "exec", "port-forward", "proxy", "cp", "auth", "debug", "events"],
  ],
  ["Advanced Commands", ["diff", "apply", "patch", "replace", "wait", "kustomize"]],
  ["Settings Commands", ["label", "annotate", "completion"]],
];

const others = "Other Commands";
const globalHint = 'Use "kubectl options" for a list of global command-line options (applies to all commands).';

/** kubectl, kubectl --help */
export function rootHelp(root: Command): string {
  const placed = new Set(sections.flatMap(([, names]) => names));
  const rest = [...root.children.keys()].filter((name) => !placed.has(name)).sort();
  const all = [...sections, [others, rest] as const];
  const blocks = all.map(([title, names]) => {
    const known = names.map((name) => root.children.get(name)).filter((one) => one !== undefined);
    return commandList(
      title,
      known.filter(({ verb }) => !verb?.hidden),
    );
  });
  return [
    "kubectl controls the Kubernetes cluster manager.",
    "",
    ...blocks.filter((block) => block !== ""),
    "Usage:",
    "  kubectl [flags] [options]",
    "",
    'Use "kubectl <command> --help" for more information about a given command.',
    globalHint,
    "",
  ].join("\n");
}

/** kubectl VERB --help */
export function commandHelp(command: Command): string {
  const { verb, group, path } = command;
  const about = verb ?? group;
  const children = [...command.children.values()].filter((one) => !one.verb?.hidden);
  const name = `kubectl ${path.join(" ")}`;
  const lines = [about?.long ?? `${about?.short ?? name}.`, ""];
  if (about?.aliases?.length) lines.push("Aliases:", [path.at(-1), ...about.aliases].join(", "), "");
  if (verb?.examples?.length) lines.push("Examples:", ...verb.examples.map((line) => `  ${line}`), "");
  if (children.length > 0) lines.push(commandList("Available Commands", children));
  if (verb?.flags) lines.push("Options:", flagList(verb.flags));
  const optional = verb?.flags && !about?.usage.includes("[options]") ? " [options]" : "";
  lines.push("Usage:", `  kubectl ${about?.usage ?? path.join(" ")}${optional}`, "");
  if (children.length > 0) lines.push(`Use "${name} <command> --help" for more information about a given command.`);
  return [...lines, globalHint, ""].join("\n");
}

function commandList(title: string, commands: readonly Command[]): string {
  if (commands.length === 0) return "";
  const width = Math.max(13, ...commands.map(({ path }) => (path.at(-1) ?? "").length + 2));
  const rows = commands.map(({ path, verb, group }) => {
    const name = path.at(-1) ?? "";
    return `  ${name.padEnd(width)} ${verb?.short ?? group?.short ?? ""}`.trimEnd();
  });
  return `${title}:\n${rows.join("\n")}\n`;
}

/** kubectl options */
export function globalHelp(): string {
  return `The following options can be passed to any command:\n\n${flagList(globalFlags)}`;
}

function flagList(flags: Flags): string {
  return Object.keys(flags)
    .sort()
    .filter((name) => !flags[name]?.hidden)
    .map((name) => flagLine(name, flags[name] as Flag))
    .join("\n");
}

function flagLine(name: string, { short, shown, text }: Flag): string {
  return `    ${short === undefined ? "" : `-${short}, `}--${name}=${shown}:\n\t${text}\n`;
}
