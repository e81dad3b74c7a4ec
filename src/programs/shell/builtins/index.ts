import type { Builtin } from "../define.ts";
import { alias, unalias } from "./alias.ts";
import { bind } from "./bind.ts";
import { breakBuiltin, continueBuiltin } from "./break.ts";
import { caller } from "./caller.ts";
import { cd } from "./cd.ts";
import { compgen, complete, compopt } from "./complete.ts";
import { declare, local, typeset } from "./declare.ts";
import { dirs, popd, pushd } from "./dirs.ts";
import { echo } from "./echo.ts";
import { enable } from "./enable.ts";
import { evalBuiltin } from "./eval.ts";
import { exec } from "./exec.ts";
import { exit, logout } from "./exit.ts";
import { exportBuiltin, readonly } from "./export.ts";
import { getopts } from "./getopts.ts";
import { hash } from "./hash.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { bg, disown, fg, jobs } from "./jobs.ts";
import { kill } from "./kill.ts";
import { letBuiltin } from "./let.ts";
import { mapfile, readarray } from "./mapfile.ts";
import { printf } from "./printf.ts";
import { pwd } from "./pwd.ts";
import { read } from "./read.ts";
import { returnBuiltin } from "./return.ts";
import { set } from "./set.ts";
import { shift } from "./shift.ts";
import { shopt } from "./shopt.ts";
import { dot, source } from "./source.ts";
import { bracket, test } from "./test.ts";
import { times } from "./times.ts";
import { trap } from "./trap.ts";
import { colon, falseBuiltin, trueBuiltin } from "./true.ts";
import { builtin, command, type } from "./type.ts";
import { ulimit } from "./ulimit.ts";
import { umask } from "./umask.ts";
import { unset } from "./unset.ts";
import { wait } from "./wait.ts";

/** The builtins, by name. */
export const builtins: readonly Builtin[] = [
  dot,
  colon,
  bracket,
  alias,
  bg,
  bind,
  breakBuiltin,
  builtin,
  caller,
  cd,
  command,
  compgen,
  complete,
  compopt,
  continueBuiltin,
  declare,
  dirs,
  disown,
  echo,
  enable,
  evalBuiltin,
  exec,
  exit,
  exportBuiltin,
  falseBuiltin,
  fg,
  getopts,
  hash,
  help,
  history,
  jobs,
  kill,
  letBuiltin,
  local,
  logout,
  mapfile,
  popd,
  printf,
  pushd,
  pwd,
  read,
  readarray,
  readonly,
  returnBuiltin,
  set,
  shift,
  shopt,
  source,
  test,
  times,
  trap,
  trueBuiltin,
  type,
  typeset,
  ulimit,
  umask,
  unalias,
  unset,
  wait,
];
