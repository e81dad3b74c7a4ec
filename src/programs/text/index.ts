import type { Program } from "../../machine/define.ts";
import { awk } from "./awk/index.ts";
import { base64 } from "./base64.ts";
import { basename, dirname } from "./basename.ts";
import { cat } from "./cat.ts";
import { chmod } from "./chmod.ts";
import { chgrp, chown } from "./chown.ts";
import { clear, tput } from "./clear.ts";
import { cmp } from "./cmp.ts";
import { column } from "./column.ts";
import { comm } from "./comm.ts";
import { cp } from "./cp.ts";
import { cut } from "./cut.ts";
import { date } from "./date.ts";
import { dd } from "./dd.ts";
import { df } from "./df.ts";
import { diff } from "./diff/index.ts";
import { du } from "./du.ts";
import { echo } from "./echo.ts";
import { nano, vim } from "./editor.ts";
import { env, printenv } from "./env.ts";
import { envsubst } from "./envsubst.ts";
import { expand, unexpand } from "./expand.ts";
import { expr } from "./expr.ts";
import { fallocate } from "./fallocate.ts";
import { file } from "./file.ts";
import { find } from "./find/index.ts";
import { fold } from "./fold.ts";
import { free } from "./free.ts";
import { getent } from "./getent.ts";
import { grep } from "./grep/index.ts";
import { head } from "./head.ts";
import { hexdump } from "./hexdump.ts";
import { install } from "./install.ts";
import { join } from "./join.ts";
import { jq } from "./jq.ts";
import { less } from "./less/index.ts";
import { ln } from "./ln.ts";
import { ls } from "./ls/index.ts";
import { mkdir } from "./mkdir.ts";
import { mktemp } from "./mktemp.ts";
import { mv } from "./mv.ts";
import { nl } from "./nl.ts";
import { nohup } from "./nohup.ts";
import { nproc } from "./nproc.ts";
import { od } from "./od.ts";
import { paste } from "./paste.ts";
import { printf } from "./printf.ts";
import { readlink } from "./readlink.ts";
import { realpath } from "./realpath.ts";
import { rev } from "./rev.ts";
import { rm } from "./rm.ts";
import { rmdir } from "./rmdir.ts";
import { sed } from "./sed/index.ts";
import { seq } from "./seq.ts";
import { shuf } from "./shuf.ts";
import { sleep } from "./sleep.ts";
import { sort } from "./sort/index.ts";
import { split } from "./split.ts";
import { stat } from "./stat.ts";
import { stty } from "./stty.ts";
import { md5sum, sha1sum, sha256sum } from "./sums.ts";
import { tac } from "./tac.ts";
import { tail } from "./tail.ts";
import { tar } from "./tar/index.ts";
import { tee } from "./tee.ts";
import { test } from "./test.ts";
import { timeout } from "./timeout.ts";
import { touch } from "./touch.ts";
import { tr } from "./tr.ts";
import { tree } from "./tree.ts";
import { falseProgram, trueProgram } from "./true.ts";
import { truncate } from "./truncate.ts";
import { uniq } from "./uniq.ts";
import { uptime } from "./uptime.ts";
import { watch } from "./watch.ts";
import { wc } from "./wc.ts";
import { which } from "./which.ts";
import { xargs } from "./xargs/index.ts";
import { xxd } from "./xxd.ts";
import { yes } from "./yes.ts";

/** The everyday text and file tools, one a line, in order. */
export const textPrograms: readonly Program[] = [
  awk,
  base64,
  basename,
  cat,
  chgrp,
  chmod,
  chown,
  clear,
  cmp,
  column,
  comm,
  cp,
  cut,
  date,
  dd,
  df,
  diff,
  dirname,
  du,
  echo,
  env,
  envsubst,
  expand,
  expr,
  fallocate,
  falseProgram,
  file,
  find,
  fold,
  free,
  getent,
  grep,
  head,
  hexdump,
  install,
  join,
  jq,
  less,
  ln,
  ls,
  md5sum,
  mkdir,
  mktemp,
  mv,
  nano,
  nl,
  nohup,
  nproc,
  od,
  paste,
  printenv,
  printf,
  readlink,
  realpath,
  rev,
  rm,
  rmdir,
  sed,
  seq,
  sha1sum,
  sha256sum,
  shuf,
  sleep,
  sort,
  split,
  stat,
  stty,
  tac,
  tail,
  tar,
  tee,
  test,
  timeout,
  touch,
  tput,
  tr,
  tree,
  trueProgram,
  truncate,
  unexpand,
  uniq,
  uptime,
  vim,
  watch,
  wc,
  which,
  xargs,
  xxd,
  yes,
];
