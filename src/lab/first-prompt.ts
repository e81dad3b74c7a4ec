import { Clock } from "../base/clock.ts";
import { Random } from "../base/random.ts";
import { makeBaseSystem } from "../machine/base-system.ts";
import { installPrograms, programTable } from "../machine/exec.ts";
import { createFiles } from "../machine/files/create-files.ts";
import { Kernel } from "../machine/kernel.ts";
import { Machine } from "../machine/machine.ts";
import { unresolved } from "../machine/resolved.ts";
import { type LineRequest, Terminal } from "../machine/terminal.ts";
import { id } from "../programs/admin/id.ts";
import { bash } from "../programs/shell/bash.ts";
import { login } from "./login.ts";
import { usualUser } from "./usual-world.ts";

/** What the startup files of a fresh host run. */
const enough = [bash, id];

/**
 * What a login on a fresh host asks first, before its world is there: a host with little but a shell is made for it and
 * thrown away. Undefined where more than a prompt would be seen.
 */
export function firstPrompt(hostname: string, user = usualUser): LineRequest | undefined {
  const kernel = new Kernel(new Clock(0), new Random("first prompt"));
  const programs = programTable(enough);
  const machine = new Machine({
    kernel,
    name: hostname,
    files: createFiles(kernel),
    programs,
    network: {
      dial: () => ({ failed: "refused", because: "there is no network" }),
      echo: () => ({ failed: "unreachable", because: "there is no network" }),
      resolve: () => unresolved("there is no network"),
    },
    net: ["127.0.0.1"],
  });
  makeBaseSystem(machine, { hostname, booted: 0 });
  installPrograms(machine.files, enough);
  const terminal = new Terminal();
  let shown = "";
  terminal.onOutput = (text) => (shown += text);
  const shell = login(machine, { user, terminal });
  while (!terminal.request && shown === "" && shell.state !== "ended" && kernel.clock.runNext());
  return shown === "" ? terminal.request : undefined;
}
