import type { Verb } from "../../define.ts";
import { currentContext } from "./current-context.ts";
import { deleteCluster } from "./delete-cluster.ts";
import { deleteContext } from "./delete-context.ts";
import { deleteUser } from "./delete-user.ts";
import { getClusters } from "./get-clusters.ts";
import { getContexts } from "./get-contexts.ts";
import { getUsers } from "./get-users.ts";
import { renameContext } from "./rename-context.ts";
import { set } from "./set.ts";
import { setCluster } from "./set-cluster.ts";
import { setContext } from "./set-context.ts";
import { setCredentials } from "./set-credentials.ts";
import { unset } from "./unset.ts";
import { useContext } from "./use-context.ts";
import { view } from "./view.ts";

/** kubectl config and all below it. */
export const config: readonly Verb[] = [
  currentContext,
  deleteCluster,
  deleteContext,
  deleteUser,
  getClusters,
  getContexts,
  getUsers,
  renameContext,
  set,
  setCluster,
  setContext,
  setCredentials,
  unset,
  useContext,
  view,
];
