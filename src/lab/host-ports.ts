import {
  type HostCalls,
  type HostPorts,
  type HttpsAnswer,
  type HttpsQuestion,
  holdsClock,
  type JqAnswer,
  type JqQuestion,
  type PortName,
} from "../base/ports.ts";

/** A call of the world that takes as long as it takes: an editor, a request, a login to another world. */
export interface LiveCall<P extends PortName = PortName> {
  readonly number: number;
  readonly port: P;
  readonly ask: HostCalls[P]["ask"];
  answer(answer: HostCalls[P]["answer"]): void;
}

/**
 * The real machine as one world sees it. Pure calls are computed here; live ones are numbered, so that a journal can
 * name them, and handed to `onLive`.
 */
export class WorldPorts implements HostPorts {
  /** Live calls without an answer, by number. */
  readonly open = new Map<number, LiveCall>();
  onLive: (call: LiveCall) => void;
  private count = 0;
  private readonly pure = new Set<Promise<void>>();

  constructor(onLive: (call: LiveCall) => void = refuse) {
    this.onLive = onLive;
  }

  call<P extends PortName>(port: P, ask: HostCalls[P]["ask"], done: (answer: HostCalls[P]["answer"]) => void): void {
    if (holdsClock[port]) {
      const work = jq(ask as JqQuestion).then((answer) => {
        this.pure.delete(work);
        (done as (answer: JqAnswer) => void)(answer);
      });
      this.pure.add(work);
      return;
    }
    const call: LiveCall<P> = {
      number: ++this.count,
      port,
      ask,
      answer: (answer) => {
        if (this.open.delete(call.number)) done(answer);
      },
    };
    this.open.set(call.number, call as unknown as LiveCall);
    this.onLive(call as unknown as LiveCall);
  }

  /** Waits until one of the calls that hold the clock is answered. */
  async settled(): Promise<void> {
    if (this.pure.size > 0) await Promise.race(this.pure);
  }
}

/** Where nobody sits at a terminal. */
function refuse(call: LiveCall): void {
  const later = <A>(answer: A) => setImmediate(() => (call.answer as (answer: A) => void)(answer));
  if (call.port === "editor") later({ status: 1, text: undefined, error: "no editor is started without a terminal" });
  else if (call.port === "https") void https(call.ask as HttpsQuestion).then(later);
  else later({ status: 255, stdout: "", stderr: "" });
}

/** The real jq, as WebAssembly in this process. */
async function jq({ flags, filter, input }: JqQuestion): Promise<JqAnswer> {
  const { runJq } = await import("./jq.ts");
  return runJq(flags, filter, input);
}

/** A request to a server outside the world (kubectl with a kubeconfig of a real cluster). */
export async function https(ask: HttpsQuestion): Promise<HttpsAnswer> {
  const { request } = ask.url.startsWith("http:") ? await import("node:http") : await import("node:https");
  return new Promise((resolve) => {
    const { ca, cert, key, insecure } = ask.tls;
    const options = { method: ask.method, headers: ask.headers, ca, cert, key, rejectUnauthorized: insecure !== true };
    const outgoing = request(ask.url, options, (response) => {
      const chunks: string[] = [];
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => chunks.push(chunk));
      response.on("end", () => {
        const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: chunks.join("") });
      });
    });
    outgoing.on("error", (error) => resolve({ status: 0, headers: {}, body: "", error: error.message }));
    outgoing.end(ask.body);
  });
}
