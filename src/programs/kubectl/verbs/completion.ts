import type { Verb } from "../define.ts";
import { UsageFault } from "../faults.ts";

const shells = ["bash", "zsh", "fish", "powershell"];

/** The lab's bash asks kubectl itself; what is printed makes any other shell of the host ask it the same way. */
const bash = `# bash completion for kubectl
__start_kubectl()
{
    local IFS=$'\\n'
    COMPREPLY=($(kubectl __completeNoDesc "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | grep -v '^:'))
}
complete -o default -F __start_kubectl kubectl
`;

/** What a shell must read to complete kubectl's command lines. */
export const completion: Verb = {
  path: ["completion"],
  usage: "completion SHELL [options]",
  short: "Output shell completion code for the specified shell (bash, zsh, fish, or powershell)",
  config: "none",
  examples: ["source <(kubectl completion bash)", "kubectl completion bash > /etc/bash_completion.d/kubectl"],
  // The shells are cobra's ValidArgs: after one of them the shell is on its own.
  *complete({ args, typed }) {
    if (args.length > 0) return { words: [], files: true };
    return { words: shells.toSorted().filter((shell) => shell.startsWith(typed)) };
  },
  check({ args: [shell, ...rest] }) {
    if (shell === undefined) return new UsageFault("Shell not specified.");
    if (rest.length > 0) return new UsageFault("Too many arguments. Expected only the shell type.");
    if (!shells.includes(shell)) return new UsageFault(`Unsupported shell type ${JSON.stringify(shell)}.`);
    return shell === "bash" ? undefined : `completion for ${shell} is not simulated`;
  },
  *run({ out }) {
    out.write(bash);
  },
};
