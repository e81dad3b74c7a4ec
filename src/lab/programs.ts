import type { Program, ProgramTable } from "../machine/define.ts";
import { programTable } from "../machine/exec.ts";
import { adminPrograms } from "../programs/admin/index.ts";
import { kubectl } from "../programs/kubectl/index.ts";
import { loadPrograms } from "../programs/load/index.ts";
import { netPrograms } from "../programs/net/index.ts";
import { bash } from "../programs/shell/bash.ts";
import { textPrograms } from "../programs/text/index.ts";

/** Everything that can be typed on the hosts of a world. */
export const worldPrograms: ProgramTable = programTable([
  ...textPrograms,
  ...adminPrograms,
  ...netPrograms,
  ...loadPrograms,
  bash,
  kubectl,
] satisfies Program[]);
