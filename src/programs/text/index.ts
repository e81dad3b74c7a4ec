import type { Program } from "../../machine/define.ts";
import { awk } from "./awk/index.ts";
import { cat } from "./cat.ts";
import { cmp } from "./cmp.ts";
import { comm } from "./comm.ts";
import { cut } from "./cut.ts";
import { echo } from "./echo.ts";
import { fold } from "./fold.ts";
import { grep } from "./grep/index.ts";
import { head } from "./head.ts";
import { nl } from "./nl.ts";
import { paste } from "./paste.ts";
import { printf } from "./printf.ts";
import { rev } from "./rev.ts";
import { sed } from "./sed/index.ts";
import { seq } from "./seq.ts";
import { sort } from "./sort/index.ts";
import { tac } from "./tac.ts";
import { tail } from "./tail.ts";
import { tee } from "./tee.ts";
import { tr } from "./tr.ts";
import { uniq } from "./uniq.ts";
import { wc } from "./wc.ts";

/** The everyday text and file tools, one a line, in order. */
export const textPrograms: readonly Program[] = [
  awk,
  cat,
  cmp,
  comm,
  cut,
  echo,
  fold,
  grep,
  head,
  nl,
  paste,
  printf,
  rev,
  sed,
  seq,
  sort,
  tac,
  tail,
  tee,
  tr,
  uniq,
  wc,
];
