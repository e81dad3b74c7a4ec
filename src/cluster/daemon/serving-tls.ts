import type { Listener } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";
import { PKI_PART } from "../api-target.ts";
import type { AuthorityName, PemSource, Pki } from "../kubeadm/pki.ts";
import { pairProblem, pemIn } from "../trust.ts";

/** The certificates of the cluster that the host of a process belongs to. */
export function pkiAt(proc: Process): Pki | undefined {
  return (proc.machine.host ?? proc.machine).parts.get(PKI_PART) as Pki | undefined;
}

/** What is wrong with the files of a certificate and its key, in the words of tls.LoadX509KeyPair. */
export function keyPairProblem(
  proc: Process,
  certificate: string | undefined,
  key: string | undefined,
): string | undefined {
  const { files } = proc.machine;
  for (const path of [certificate, key])
    if (path !== undefined && pemIn(files, path) === undefined) return `open ${path}: no such file or directory`;
  const [own, secret] = [pemIn(files, certificate), pemIn(files, key)];
  return own && secret ? pairProblem(pkiAt(proc), own, secret) : undefined;
}

/**
 * How a component serves TLS: with the certificate of a file, read anew when it changes, else with `own`. Clients
 * expect one of the cluster's `authority`.
 */
export function servingTls(
  proc: Process,
  path: string | undefined,
  own: () => PemSource,
  authority: AuthorityName = "ca",
): Pick<NonNullable<Listener["tls"]>, "certificate" | "unmade"> {
  const { files, kernel } = proc.machine;
  let last = pemIn(files, path) ?? own();
  const now = () => {
    last = pemIn(files, path) ?? last;
    return last;
  };
  return {
    certificate() {
      const source = now();
      return typeof source === "string" ? source : source();
    },
    // Only what that authority has signed is as clients expect it without a look.
    unmade() {
      const source = now();
      const pki = pkiAt(proc);
      const leaf = pki?.vouched(source, pki.authorityFile(authority), kernel.clock.now);
      return typeof source === "function" && leaf?.usages.includes("server") ? source : undefined;
    },
  };
}
