import type { Listener } from "../../../../machine/define-network.ts";
import type { Process } from "../../../../machine/process.ts";
import { keyPairProblem, servingTls } from "../../../daemon/serving-tls.ts";
import { plainOnTls } from "../../../network/http/nginx-pages.ts";
import { pemIn } from "../../../trust.ts";
import { ConfigFault } from "./parse.ts";
import { chosen, type Listen, nearest, type Server } from "./servers.ts";

const all = ["1.0", "1.1", "1.2", "1.3"] as const;
/** Since nginx 1.23.4. */
const usual = ["1.2", "1.3"] as const;

/** How a server block with `ssl` shows itself. Throws ConfigFault where its files are missing or do not fit. */
export function tlsOf(proc: Process, server: Server): NonNullable<Listener["tls"]> {
  const certificate = nearest(server, "ssl_certificate")?.args[0];
  const key = nearest(server, "ssl_certificate_key")?.args[0];
  if (certificate === undefined)
    throw new ConfigFault('no "ssl_certificate" is defined for the "listen ... ssl" directive', server.at);
  if (key === undefined)
    throw new ConfigFault(`no "ssl_certificate_key" is defined for certificate "${certificate}"`, server.at);
  const { files } = proc.machine;
  for (const [path, what] of [
    [certificate, "certificate"],
    [key, "certificate key"],
  ] as const)
    if (pemIn(files, path) === undefined)
      throw new ConfigFault(
        `cannot load ${what} "${path}": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory:calling fopen(${path}, r) error:10000080:BIO routines::no such file)`,
      );
  if (keyPairProblem(proc, certificate, key) !== undefined)
    throw new ConfigFault(
      `SSL_CTX_use_PrivateKey("${key}") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)`,
    );
  const { certificate: shown } = servingTls(proc, certificate, () => "");
  const versions = nearest(server, "ssl_protocols")?.args;
  return {
    certificate: shown,
    asksCertificate: ["on", "optional", "optional_no_ca"].includes(nearest(server, "ssl_verify_client")?.args[0] ?? ""),
    versions: versions ? all.filter((one) => versions.includes(one === "1.0" ? "TLSv1" : `TLSv${one}`)) : usual,
  };
}

/** How a port with TLS shows itself: by the server block of the name that the client asks for. */
export function tlsFor(
  proc: Process,
  here: readonly Server[],
  first: Server,
  on: (server: Server) => Listen | undefined,
): NonNullable<Listener["tls"]> {
  const shown = new Map(here.filter((server) => on(server)?.ssl).map((server) => [server, tlsOf(proc, server)]));
  const usual = shown.get(first) ?? tlsOf(proc, first);
  return {
    ...usual,
    certificate(name) {
      const server = name === undefined ? undefined : chosen(here, name.toLowerCase(), on);
      return ((server && shown.get(server)) ?? usual).certificate();
    },
    plain: () => plainOnTls(proc, `nginx/${proc.env.get("NGINX_VERSION") ?? ""}`),
  };
}
