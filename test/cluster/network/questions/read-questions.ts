import { readFileSync } from "node:fs";

/** A world of questions: how it is made, and what is asked in it. */
export interface QuestionWorld {
  readonly name: string;
  readonly cni: "flannel" | "calico" | "cilium";
  readonly addons: readonly string[];
  /** What happens before. */
  readonly setup: readonly Step[];
  readonly questions: readonly Question[];
}

/** Lines typed on the control plane, a pause in seconds, or a host that is switched off. */
export type Step = { typed: string } | { wait: number } | { off: string };

export interface Question {
  readonly line: number;
  /** A host ("w1"), or a pod ("shop/web"). */
  readonly from: string;
  /** "svc:shop/web", "pod:shop/web", "node:w1", "lb:shop/web", "name:web.shop", or an address; "svc6:", "pod6:", "node6:" for IPv6. */
  readonly to: string;
  readonly port: number | "ping";
  readonly protocol: "TCP" | "UDP" | "SCTP";
  /** Who answers ("shop/web", "w1"), or "refused: why"; addresses stand as {pod:shop/web}. */
  readonly answer: string;
}

/**
 * Worlds from a file. `== NAME` begins one, `cni` and `addons` lines may follow; lines that begin with `$ ` are typed,
 * `wait N` lets seconds pass, `off HOST` cuts a host off; `FROM -> TO PORT = ANSWER` asks.
 */
export function readQuestions(path: string): QuestionWorld[] {
  const worlds: (QuestionWorld & { setup: Step[]; questions: Question[] })[] = [];
  const last = () => {
    const world = worlds.at(-1);
    if (!world) throw new Error(`${path}: no world yet`);
    return world;
  };
  for (const [index, text] of readFileSync(path, "utf8").split("\n").entries()) {
    const line = text.trim();
    if (line === "" || line.startsWith("#")) continue;
    const [word, ...rest] = line.split(/\s+/);
    if (word === "==") {
      const [name = "", cni = "flannel", ...addons] = rest;
      worlds.push({ name, cni: cni as QuestionWorld["cni"], addons, setup: [], questions: [] });
    } else if (word === "$") {
      const { setup } = last();
      const before = setup.at(-1);
      const typed = `${text.trimStart().slice(2)}\n`;
      if (before && "typed" in before) before.typed += typed;
      else setup.push({ typed });
    } else if (word === "wait") last().setup.push({ wait: Number(rest[0]) });
    else if (word === "off") last().setup.push({ off: rest[0] ?? "" });
    else last().questions.push(questionOf(line, index + 1, path));
  }
  return worlds;
}

function questionOf(line: string, number: number, path: string): Question {
  const found = /^(\S+) -> (\S+) (ping|\d+(?:\/(?:UDP|SCTP))?) = (.+)$/.exec(line);
  if (!found) throw new Error(`${path}:${number}: no question: ${line}`);
  const [, from = "", to = "", where = "", answer = ""] = found;
  const [port, protocol = "TCP"] = where.split("/");
  return {
    line: number,
    from,
    to,
    port: port === "ping" ? port : Number(port),
    protocol: protocol as Question["protocol"],
    answer,
  };
}
