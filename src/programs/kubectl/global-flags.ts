import type { Micros } from "../../base/clock.ts";
import { FormatError } from "../../base/format-error.ts";
import { anyName, configNameFlag } from "./completers.ts";
import { readCsv } from "./csv.ts";
import type { Flag } from "./define.ts";
import { boolFlag, csvFlag, durationFlag, int32Flag, listFlag, textFlag } from "./flag-types.ts";

/** The flags that every command takes (kubectl options, 1.35). */
export const globalFlags = {
  as: textFlag("The user to act as: a user or a service account."),
  "as-group": listFlag("A group to act as a member of; may be repeated."),
  "as-uid": textFlag("The uid to act with."),
  "as-user-extra": listFlag("Extra attributes to act with, in the form key=value; may be repeated.", { hidden: true }),
  "cache-dir": { ...textFlag("Where answers about the API are cached."), shown: "'$HOME/.kube/cache'" },
  "certificate-authority": textFlag("File with the certificate of the server's authority."),
  "client-certificate": textFlag("File with the client certificate for TLS."),
  "client-key": textFlag("File with the client key for TLS."),
  cluster: textFlag("The kubeconfig cluster to use.", { complete: configNameFlag("clusters") }),
  context: textFlag("The kubeconfig context to use.", { complete: configNameFlag("contexts") }),
  "disable-compression": boolFlag("Ask the server not to compress its answers."),
  "insecure-skip-tls-verify": boolFlag("Do not check the server's certificate."),
  kubeconfig: textFlag("The kubeconfig file to use."),
  kuberc: textFlag("The kuberc file with preferences.", { hidden: true }),
  "log-flush-frequency": flushFlag(),
  "match-server-version": boolFlag("Demand that the server has the version of the client."),
  namespace: textFlag("The namespace of this request.", { short: "n", complete: anyName("namespaces") }),
  password: textFlag("Password for basic authentication."),
  profile: textFlag("The profile to capture.", { initial: "none" }),
  "profile-output": textFlag("The file to write the profile to.", { initial: "profile.pprof" }),
  "request-timeout": textFlag("How long to wait for a single request, e.g. 1s, 2m, 3h; 0 is for ever.", {
    initial: "0",
  }),
  server: textFlag("The address and port of the API server.", { short: "s" }),
  "tls-server-name": textFlag("The name to look for in the server's certificate."),
  token: textFlag("Bearer token for authentication."),
  user: textFlag("The kubeconfig user to use.", { complete: configNameFlag("users") }),
  username: textFlag("User name for basic authentication."),
  v: int32Flag("How much is logged.", { short: "v" }),
  vmodule: levelsFlag(),
  "warnings-as-errors": boolFlag("Take warnings of the server as errors."),
};

/** klog reads it by Go's flag package, which has fewer words. */
function flushFlag(): Flag<Micros> {
  const flag = durationFlag("The longest time between log flushes.", { initial: 5_000_000 });
  return {
    ...flag,
    set(text, before, first) {
      try {
        return flag.set(text, before, first);
      } catch (problem) {
        if (problem instanceof FormatError) throw new FormatError("parse error");
        throw problem;
      }
    },
  };
}

/** pattern=N,pattern=N (klog moduleSpec.Set). The patterns name files of kubectl's source: they have no effect here. */
function levelsFlag(): Flag<readonly string[]> {
  const flag = csvFlag("Log levels by file, pattern=N.");
  return {
    ...flag,
    shown: "",
    set(text, before, first) {
      for (const pair of text.split(",").filter((one) => one !== "")) {
        const [pattern, level, ...more] = pair.split("=");
        if (!pattern || !level || more.length > 0)
          throw new FormatError("syntax error: expect comma-separated list of filename=N");
        if (!/^[+-]?\d+$/.test(level)) throw new FormatError("syntax error: expect comma-separated list of filename=N");
      }
      return first ? readCsv(text) : [...before, ...readCsv(text)];
    },
  };
}

const profiles = ["none", "cpu", "heap", "goroutine", "threadcreate", "block", "mutex"];

/** What is wrong with --profile. */
export function profileProblem(profile: string): string | undefined {
  if (!profiles.includes(profile)) return `unknown profile '${profile}'`;
  return profile === "none" ? undefined : "profiling kubectl (--profile) is not simulated";
}
