import type { Program } from "../../../machine/define.ts";
import { iptables } from "./iptables.ts";
import { iptablesSave } from "./iptables-save.ts";
import { ipvsadm } from "./ipvsadm.ts";
import { nft } from "./nft.ts";

/** The programs that show what a node's kernel does with packets. */
export const netfilterPrograms: readonly Program[] = [...iptables, ...iptablesSave, ipvsadm, nft];
