import { Errno, type Program, type Task } from "../../machine/define.ts";
import type { NetworkNamespace } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";
import { processTable } from "../../machine/signalling.ts";
import { compileOptions, OptionError, type ParsedLine, parseOptions } from "../text/options.ts";
import { namespaceNamed, runIn } from "./network-namespace.ts";

const declared =
  "+ a,all t,target= m,mount? u,uts? i,ipc? n,net? p,pid? C,cgroup? U,user? T,time? S,setuid= G,setgid= preserve-credentials r,root? w,wd? W,wdns= e,env F,no-fork Z,follow-context h,help V,version";
const others = ["a", "m", "u", "i", "p", "C", "U", "T", "S", "G", "r", "w", "W", "e"];

class NsenterFault extends Error {}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  try {
    return yield* enter(proc, parseOptions(compileOptions(declared), argv));
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof NsenterFault)) throw error;
    const more = error instanceof OptionError ? "Try 'nsenter --help' for more information.\n" : "";
    yield* proc.write(2, `nsenter: ${error.message}\n${more}`);
    return 1;
  }
}

function* enter(proc: Process, { given, operands }: ParsedLine): Task<number> {
  const has = (key: string) => given.some((one) => one.key === key);
  const value = (key: string) => given.findLast((one) => one.key === key)?.value;
  if (has("V")) {
    yield* proc.write(1, "nsenter from util-linux 2.38.1\n");
    return 0;
  }
  const strange = others.find(has);
  if (strange !== undefined) throw new NsenterFault(`-${strange} is not simulated, only the network (-n) is`);
  const target = value("t");
  if (target !== undefined && !/^\d+$/.test(target)) throw new NsenterFault(`failed to parse pid: '${target}'`);
  const command = operands.length > 0 ? operands : [proc.env.get("SHELL") ?? "/bin/sh"];
  const net = has("n") ? networkOf(proc, target, value("n")) : proc.machine.net;
  try {
    return yield* runIn(proc, net, command);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* proc.write(2, `nsenter: failed to execute ${command[0]}: ${error.message}\n`);
    return error.code === "ENOENT" ? 127 : 126;
  }
}

function networkOf(proc: Process, target: string | undefined, file: string | undefined): NetworkNamespace {
  if (file !== undefined) {
    const named = namespaceNamed(proc, file.replace(/^(\/var)?\/run\/netns\//, ""));
    if (!named) throw new NsenterFault(`cannot open ${file}: No such file or directory`);
    return allowed(proc, named);
  }
  if (target === undefined) throw new NsenterFault("neither filename nor target pid supplied for ns/net");
  const found = processTable(proc).get(Number(target));
  if (!found) throw new NsenterFault(`cannot open /proc/${target}/ns/net: No such file or directory`);
  if (proc.credentials.uid !== 0 && found.credentials.uid !== proc.credentials.uid)
    throw new NsenterFault(`cannot open /proc/${target}/ns/net: Permission denied`);
  return allowed(proc, found.machine.net);
}

function allowed(proc: Process, net: NetworkNamespace): NetworkNamespace {
  if (proc.credentials.uid !== 0)
    throw new NsenterFault("reassociate to namespace 'ns/net' failed: Operation not permitted");
  return net;
}

/** nsenter of util-linux 2.38, for the networks of pods: what runs in them is the node's own. */
export const nsenter: Program = { name: "nsenter", run };
