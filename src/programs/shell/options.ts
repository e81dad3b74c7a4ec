import type { Shell } from "./shell.ts";

/** The options of `set`, in the order in which `set -o` lists them. */
export const setOptions: readonly { readonly name: string; readonly letter?: string }[] = [
  { name: "allexport", letter: "a" },
  { name: "braceexpand", letter: "B" },
  { name: "emacs" },
  { name: "errexit", letter: "e" },
  { name: "errtrace", letter: "E" },
  { name: "functrace", letter: "T" },
  { name: "hashall", letter: "h" },
  { name: "histexpand", letter: "H" },
  { name: "history" },
  { name: "ignoreeof" },
  { name: "interactive-comments" },
  { name: "keyword", letter: "k" },
  { name: "monitor", letter: "m" },
  { name: "noclobber", letter: "C" },
  { name: "noexec", letter: "n" },
  { name: "noglob", letter: "f" },
  { name: "nolog" },
  { name: "notify", letter: "b" },
  { name: "nounset", letter: "u" },
  { name: "onecmd", letter: "t" },
  { name: "physical", letter: "P" },
  { name: "pipefail" },
  { name: "posix" },
  { name: "privileged", letter: "p" },
  { name: "verbose", letter: "v" },
  { name: "vi" },
  { name: "xtrace", letter: "x" },
];

/** Names that `shopt` knows (bash 5.2). */
export const shoptNames: readonly string[] = [
  "autocd", "assoc_expand_once", "cdable_vars", "cdspell", "checkhash", "checkjobs", "checkwinsize", "cmdhist", "compat31", "compat32",
  "compat40", "compat41", "compat42", "compat43", "compat44", "complete_fullquote", "direxpand", "dirspell", "dotglob", "execfail",
  "expand_aliases", "extdebug", "extglob", "extquote", "failglob", "force_fignore", "globasciiranges", "globskipdots", "globstar",
  "gnu_errfmt", "histappend", "histreedit", "histverify", "hostcomplete", "huponexit", "inherit_errexit", "interactive_comments",
  "lastpipe", "lithist", "localvar_inherit", "localvar_unset", "login_shell", "mailwarn", "no_empty_cmd_completion", "nocaseglob",
  "nocasematch", "noexpand_translation", "nullglob", "patsub_replacement", "progcomp", "progcomp_alias", "promptvars",
  "restricted_shell", "shift_verbose", "sourcepath", "syslog_history", "varredir_close", "xpg_echo",
];

/** Turns an option on or off; false where there is none of this name. */
export function setOption(shell: Shell, name: string, on: boolean): boolean {
  if (!setOptions.some((option) => option.name === name)) return false;
  if (on) shell.options.add(name);
  else shell.options.delete(name);
  if (name === "allexport") shell.vars.allExport = on;
  return true;
}
