import { recorded } from "../../base/recorded.ts";
import { type Ended, HOME, kubectlHost } from "./setup.ts";

/** A command line that needs no server, and everything real kubectl 1.33.1 did (test/corpus/kubectl-offline.jsonl). */
export interface OfflineCase {
  readonly id: string;
  readonly category: string;
  readonly cmd: string;
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly filesAfter?: Readonly<Record<string, string | null>>;
  readonly unordered?: boolean;
}

export const offlineCases: readonly OfflineCase[] = recorded<OfflineCase>("kubectl-offline");

const sorted = (text: string) => text.split("\n").sort().join("\n");

/** What our kubectl did otherwise; undefined where all is the same. */
export function difference(one: OfflineCase): string | undefined {
  const host = kubectlHost();
  for (const [path, text] of Object.entries(one.files ?? {})) host.write(path, text);
  const words = one.argv[0] === "kubectl" ? one.argv.slice(1) : one.argv;
  const ended: Ended = host.kubectl(words, { stdin: one.stdin ?? "", env: { ...one.env } });
  const shape = one.unordered ? sorted : (text: string) => text;
  const want = { exit: one.exit, stdout: shape(one.stdout), stderr: shape(one.stderr) };
  const got = { exit: ended.status, stdout: shape(ended.stdout), stderr: shape(ended.stderr) };
  if (JSON.stringify(want) !== JSON.stringify(got)) return `wanted ${show(want)}\ngot ${show(got)}`;
  for (const [path, text] of Object.entries(one.filesAfter ?? {})) {
    const absolute = path.startsWith("~/") ? `${HOME}/${path.slice(2)}` : `${HOME}/task/${path}`;
    const found = host.files.find(absolute, { uid: 0, gid: 0, groups: [] });
    const now = found ? host.files.read(absolute, { uid: 0, gid: 0, groups: [] }) : null;
    if (now !== text) return `${path} wanted\n${text}\ngot\n${now}`;
  }
  return undefined;
}

function show({ exit, stdout, stderr }: { exit: number; stdout: string; stderr: string }): string {
  return `[${exit}]\n${stdout}--- stderr\n${stderr}`;
}
