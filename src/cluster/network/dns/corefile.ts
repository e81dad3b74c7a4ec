/** A directive of a Corefile: its words, and the block below it. */
export interface Directive {
  readonly name: string;
  readonly words: readonly string[];
  readonly line: number;
  readonly block: readonly Directive[];
}

export interface ServerBlock {
  readonly zones: readonly string[];
  readonly directives: readonly Directive[];
}

/** CoreDNS' own plugins (plugin.cfg of 1.13). */
const plugins = new Set(
  `root metadata geoip cancel tls timeouts multisocket reload nsid bufsize bind debug trace ready health pprof
  prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath
  minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward
  grpc erratic whoami on sign view nomad import quic grpc_server https https3`.split(/\s+/),
);

/** Parses a Corefile. Throws Error with the text CoreDNS exits with. */
export function parseCorefile(text: string): ServerBlock[] {
  const lines = text.split("\n").map((raw, index) => ({
    words: raw
      .replace(/(^|\s)#.*$/, "")
      .trim()
      .split(/\s+/)
      .filter(Boolean),
    line: index + 1,
  }));
  const filled = lines.filter((l) => l.words.length > 0);
  const blocks: ServerBlock[] = [];
  let at = 0;
  const body = (): Directive[] => {
    const directives: Directive[] = [];
    for (;;) {
      const current = filled[at++];
      if (!current) throw new Error(`Corefile:${lines.length} - Error during parsing: Unexpected EOF, expecting '}'`);
      const [name = "", ...rest] = current.words;
      if (name === "}") return directives;
      const opens = rest.at(-1) === "{";
      const words = opens ? rest.slice(0, -1) : rest;
      directives.push({ name, words, line: current.line, block: opens ? body() : [] });
    }
  };
  while (at < filled.length) {
    const head = filled[at++];
    if (head?.words.at(-1) !== "{")
      throw new Error(`Corefile:${head?.line} - Error during parsing: Expected '{' after ${head?.words.join(" ")}`);
    const directives = body();
    const unknown = directives.find((d) => !plugins.has(d.name));
    if (unknown)
      throw new Error(`Corefile:${unknown.line} - Error during parsing: Unknown directive '${unknown.name}'`);
    blocks.push({ zones: head.words.slice(0, -1), directives });
  }
  return blocks;
}
