import type { Plugin } from "../define.ts";
import { acl } from "./acl.ts";
import { any } from "./any.ts";
import { autopath } from "./autopath.ts";
import { bind } from "./bind.ts";
import { cache } from "./cache.ts";
import { chaos } from "./chaos.ts";
import { errors } from "./errors.ts";
import { file } from "./file.ts";
import { forward } from "./forward.ts";
import { health } from "./health.ts";
import { hosts } from "./hosts.ts";
import { kubernetes } from "./kubernetes.ts";
import { loadbalance } from "./loadbalance.ts";
import { local } from "./local.ts";
import { log } from "./log.ts";
import { loop } from "./loop.ts";
import { minimal } from "./minimal.ts";
import { prometheus } from "./prometheus.ts";
import { ready } from "./ready.ts";
import { reload } from "./reload.ts";
import { rewrite } from "./rewrite/rewrite.ts";
import { root } from "./root.ts";
import { bufsize, cancel, debug, metadata, nsid, timeouts } from "./settings.ts";
import { template } from "./template.ts";
import { whoami } from "./whoami.ts";

/** The plugins that are simulated; any other of CoreDNS' own says in the log that its answers are left out. */
export const plugins: readonly Plugin[] = [
  acl,
  any,
  autopath,
  bind,
  bufsize,
  cache,
  cancel,
  chaos,
  debug,
  errors,
  file,
  forward,
  health,
  hosts,
  kubernetes,
  loadbalance,
  local,
  log,
  loop,
  metadata,
  minimal,
  nsid,
  prometheus,
  ready,
  reload,
  rewrite,
  root,
  template,
  timeouts,
  whoami,
];
