import { listOf } from "../authentication/front-proxy.ts";

type Texts = Readonly<Record<string, string>>;

const CLIENTS = "client-ca-file";
const PROXIES = "requestheader-client-ca-file";

/** The lists of flags that the ConfigMap names. */
const lists = ["allowed-names", "extra-headers-prefix", "group-headers", "uid-headers", "username-headers"];

/**
 * What kube-system's ConfigMap extension-apiserver-authentication tells other API servers: whom to believe, added to what
 * it said before (pkg/controlplane/controller/clusterauthenticationtrust, 1.35).
 */
export function authenticationTrust(
  flags: Readonly<Record<string, string | undefined>>,
  read: (path: string) => string | undefined,
  before: Texts = {},
): Record<string, string> {
  const authorities = (flag: string) => certificates(before[flag], flags[flag] ? read(flags[flag] ?? "") : undefined);
  const data: Record<string, string> = {};
  const [clients, proxies] = [authorities(CLIENTS), authorities(PROXIES)];
  if (clients) data[CLIENTS] = clients;
  if (!proxies) return data;
  for (const list of lists) {
    const key = `requestheader-${list}`;
    const known = before[key] ? (JSON.parse(before[key]) as string[]) : [];
    data[key] = JSON.stringify([...new Set([...known, ...listOf(flags[key])])]);
  }
  data[PROXIES] = proxies;
  return data;
}

/** The certificates of some bundles, each once. */
function certificates(...bundles: readonly (string | undefined)[]): string {
  const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n?/g;
  return [...new Set(bundles.flatMap((bundle) => (bundle ?? "").match(block) ?? []))].join("");
}
