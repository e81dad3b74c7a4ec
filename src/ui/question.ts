import type { Task } from "../../grader/define.ts";
import type { Desk } from "./desk.ts";
import { showText } from "./screens/show.tsx";
import type { TerminalOwner } from "./terminal-owner.ts";

/** "Task 2/5 · 20 % · ssh cka4821 · flag" */
export function questionTitle(task: Task, place: string, weight: number | undefined, flagged: boolean): string {
  const parts = [place, ...(weight === undefined ? [] : [`${Math.round(weight)} %`]), `ssh ${task.host}`];
  return [...parts, ...(flagged ? ["flag"] : [])].join(" · ");
}

/** Shows a question; `key` is the hot key that left it. */
export async function questionView<T>(
  owner: TerminalOwner,
  desk: Desk<T>,
  title: string,
  text: string,
  note: () => string,
  hint: string,
): Promise<{ key: string | undefined }> {
  const leavesBy = (key: string) => desk.keyNamed(key) !== undefined;
  const left = await showText(owner, { title, text, note, hint: `${hint}   Esc back`, leavesBy });
  return { key: left.key === undefined ? undefined : desk.keyNamed(left.key) };
}
