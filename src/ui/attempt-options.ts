import type { AttemptOptions } from "../lab/attempts.ts";
import { openEditor } from "./editor-port.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TerminalOwner } from "./terminal-owner.ts";

/** What a lab gets from its place: the owner's terminal for editors, and what tests replace. */
export function attemptOptions(owner: TerminalOwner, { library, store, clock }: Surroundings): AttemptOptions {
  return {
    editor: (ask) => openEditor(ask, owner),
    ...(library && { library }),
    ...(store && { store }),
    ...(clock && { clock }),
  };
}
