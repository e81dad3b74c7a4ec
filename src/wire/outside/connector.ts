import { readFileSync } from "node:fs";
import { type AgentOptions, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { certificateProblem } from "../../base/x509/certificate-problem.ts";
import { pemOf } from "../../base/x509/pem.ts";
import type { OutsideServer } from "../../machine/define-network.ts";

/** Where Go looks for the authorities that a machine trusts (crypto/x509 root_linux.go), first found wins. */
const authorityFiles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** A TLS handshake that failed; the message is Go's. */
export class HandshakeFault extends Error {}

/** Kept connections to one server. */
export interface Connector {
  readonly agent: HttpAgent;
  /** Makes a connection, if there is none yet; it waits for the first request. */
  reach(done: (error: Error | undefined) => void): void;
  close(): void;
}

export function connectorFor(server: OutsideServer): Connector {
  const waiting: Duplex[] = [];
  const agent = server.tls ? new CheckedAgent(server, waiting) : new PlainAgent(waiting);
  const { name: host, port } = server;
  return {
    agent,
    reach(done) {
      const made = (error: Error | null, socket?: Duplex) => {
        if (!error && socket) waiting.push(socket);
        done(error ?? undefined);
      };
      agent.dial({ host, port } as ConnectionOptions, made);
    },
    close() {
      agent.destroy();
      for (const socket of waiting) socket.destroy();
    },
  };
}

type Made = (error: Error | null, socket?: Duplex) => void;

const kept: AgentOptions = { keepAlive: true };

class PlainAgent extends HttpAgent {
  private readonly waiting: Duplex[];

  constructor(waiting: Duplex[]) {
    super(kept);
    this.waiting = waiting;
  }

  override createConnection(options: AgentOptions, done: Made): undefined {
    const socket = this.waiting.shift();
    if (socket) done(null, socket);
    else this.dial(options, done);
  }

  dial(options: AgentOptions, done: Made): void {
    const socket = super.createConnection(options as never) as unknown as Duplex;
    socket.once("error", done);
    socket.once("connect", () => {
      socket.off("error", done);
      done(null, socket);
    });
  }
}

/** Dials TLS and judges the server's certificate: Node's own verdict counts, the words are Go's. */
class CheckedAgent extends HttpsAgent {
  private readonly server: OutsideServer;
  private readonly waiting: Duplex[];

  constructor(server: OutsideServer, waiting: Duplex[]) {
    super(kept);
    this.server = server;
    this.waiting = waiting;
  }

  override createConnection(options: AgentOptions, done: Made): undefined {
    const socket = this.waiting.shift();
    if (socket) done(null, socket);
    else this.dial(options as ConnectionOptions, done);
  }

  dial(options: ConnectionOptions, done: Made): void {
    const { server } = this;
    const name = server.serverName ?? server.name;
    const socket = connectTls({
      host: options.host,
      port: server.port,
      servername: isIP(name) ? "" : name,
      ca: server.authority ?? trusted(),
      cert: server.clientCertificate,
      key: server.clientKey,
      ALPNProtocols: ["http/1.1"],
      // The verdict is read below, so that it can be told in Go's words.
      rejectUnauthorized: false,
      ...(isIP(name) ? { checkServerIdentity: () => undefined } : {}),
    });
    socket.once("error", done);
    socket.once("secureConnect", () => {
      socket.off("error", done);
      const problem = server.insecure ? undefined : verdict(socket, server, name);
      if (problem === undefined) done(null, socket);
      else {
        socket.destroy();
        done(new HandshakeFault(problem));
      }
    });
  }
}

/** What is wrong with the server's certificate; undefined where Node trusts it and it is for this name. */
function verdict(socket: TLSSocket, server: OutsideServer, name: string): string | undefined {
  const { raw } = socket.getPeerCertificate();
  if (!raw) return "tls: server did not show a certificate";
  const problem = goProblem(pemOf("CERTIFICATE", raw), server, name);
  if (socket.authorized) {
    // A chain that Node has followed over intermediate authorities is whole; the name and the time still count.
    const aboutChain = problem?.startsWith("x509: certificate signed by unknown authority");
    return problem === undefined || aboutChain ? undefined : `tls: failed to verify certificate: ${problem}`;
  }
  return `tls: failed to verify certificate: ${problem ?? "x509: certificate signed by unknown authority"}`;
}

/** Certificates of the first version have no names that Go takes; our reader does not know them. */
function goProblem(certificate: string, { authority }: OutsideServer, name: string): string | undefined {
  const problem = certificateProblem(certificate, authority, name, Date.now() * 1000);
  if (problem !== "x509: malformed certificate") return problem;
  return isIP(name)
    ? `x509: cannot validate certificate for ${name} because it doesn't contain any IP SANs`
    : `x509: certificate is not valid for any names, but wanted to match ${name}`;
}

function trusted(): Buffer | undefined {
  for (const path of [process.env.SSL_CERT_FILE, ...authorityFiles]) {
    if (!path) continue;
    try {
      return readFileSync(path);
    } catch {
      // The next one may be there.
    }
  }
  return undefined;
}
