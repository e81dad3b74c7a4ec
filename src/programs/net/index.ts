import type { Program } from "../../machine/define.ts";
import { curl } from "./curl/curl.ts";
import { dig } from "./dig/dig.ts";
import { host } from "./host/host.ts";
import { nc } from "./nc/nc.ts";
import { nslookup } from "./nslookup/nslookup.ts";
import { wget } from "./wget/wget.ts";

/** The programs that ask over the network. */
export const netPrograms: readonly Program[] = [curl, dig, host, nc, nslookup, wget];
