import { FormatError } from "../../base/format-error.ts";
import { parseGoDuration } from "../../base/go-duration.ts";
import { goQuote } from "../../base/go-text.ts";
import type { Flags } from "./flags.ts";

const durations = /-(period|duration|deadline|interval|stabilization|delay|timeout|ttl|frequency)$/;
const shares =
  /^(horizontal-pod-autoscaler-tolerance|(secondary-)?node-eviction-rate|unhealthy-zone-threshold|kube-api-qps)$/;
const counts =
  /^(concurrent-.*|mirroring-concurrent-.*|kube-api-burst|(large-cluster-size|terminated-pod-gc)-threshold|node-cidr-mask-size.*|.*max-endpoints-per-s.*|secure-port)$/;

/** The first flag of a component whose value is not of its type, in pflag's words (spf13/pflag 1.0, Kubernetes 1.35). */
export function valueProblem(flags: Flags): string | undefined {
  for (const name of Object.keys(flags).sort()) {
    const value = flags[name] ?? "";
    const why = problemOf(name, value);
    if (why !== undefined) return `invalid argument ${goQuote(value)} for ${goQuote(`--${name}`)} flag: ${why}`;
  }
  return undefined;
}

function problemOf(name: string, value: string): string | undefined {
  const unreadable = (parser: string) => `strconv.${parser}: parsing ${goQuote(value)}: invalid syntax`;
  if (shares.test(name))
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? undefined : unreadable("ParseFloat");
  if (counts.test(name)) return /^[+-]?\d+$/.test(value) ? undefined : unreadable("ParseInt");
  if (!durations.test(name)) return undefined;
  try {
    parseGoDuration(value);
    return undefined;
  } catch (fault) {
    if (fault instanceof FormatError) return fault.message;
    throw fault;
  }
}
