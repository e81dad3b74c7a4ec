import type { Program, Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import { RedisStore, type Reply } from "./store.ts";

/** A reply as redis-cli prints it: with types at a terminal, raw in a pipe. */
function shown(reply: Reply, raw: boolean): string {
  if (reply === undefined) return raw ? "" : "(nil)";
  if (typeof reply === "number") return raw ? String(reply) : `(integer) ${reply}`;
  if (typeof reply === "string") return raw ? reply : JSON.stringify(reply);
  if ("ok" in reply) return reply.ok;
  if ("error" in reply) return raw ? reply.error : `(error) ${reply.error}`;
  const all = reply as readonly Reply[];
  if (raw) return all.map((one) => shown(one, raw)).join("\n");
  if (all.length === 0) return "(empty array)";
  return all.map((one, i) => `${i + 1}) ${shown(one, raw)}`).join("\n");
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let [host, port, password, at] = ["127.0.0.1", 6379, proc.env.get("REDISCLI_AUTH"), 0];
  for (; at < argv.length && argv[at]?.startsWith("-"); at++) {
    const option = argv[at];
    if (option === "-h") host = argv[++at] ?? host;
    else if (option === "-p") port = Number(argv[++at]);
    else if (option === "-a") password = argv[++at];
    else if (option === "-n") at++;
    else if (option !== "--raw" && option !== "--no-raw" && option !== "--no-auth-warning") {
      yield* proc.write(2, `Unrecognized option or bad number of args for: '${option}'\n`);
      return 1;
    }
  }
  const { machine } = proc;
  const found = machine.network.resolve(machine, host);
  const where = `Could not connect to Redis at ${host}:${port}`;
  if (!("addresses" in found)) {
    yield* proc.write(2, `${where}: Name or service not known\n`);
    return 1;
  }
  const dialled = machine.network.dial(machine, found.addresses[0] ?? host, port);
  if (!("listener" in dialled)) {
    yield* proc.write(2, `${where}: ${dialled.failed === "refused" ? "Connection refused" : "Connection timed out"}\n`);
    return 1;
  }
  const store = dialled.listener.direct;
  if (!(store instanceof RedisStore)) {
    yield* proc.write(2, "Error: Server closed the connection\n");
    return 1;
  }
  const raw = argv.includes("--raw") || (proc.fds.get(1)?.kind !== "terminal" && !argv.includes("--no-raw"));
  const isIn = password !== undefined && isOk(store.authenticates(password));
  if (password !== undefined && !isIn)
    yield* proc.write(2, `AUTH failed: ${shown(store.authenticates(password), true)}\n`);
  if (at < argv.length) {
    yield* proc.write(1, `${shown(store.execute(argv.slice(at), isIn), raw)}\n`);
    return 0;
  }
  return yield* converse(proc, store, isIn, raw, `${host}:${port}> `);
}

function isOk(reply: Reply): boolean {
  return typeof reply === "object" && "ok" in reply;
}

function* converse(proc: Process, store: RedisStore, first: boolean, raw: boolean, prompt: string): Task<number> {
  let isIn = first;
  let kept = "";
  const isTerminal = proc.fds.get(0)?.kind === "terminal";
  for (;;) {
    if (isTerminal) yield* proc.write(1, prompt);
    while (!kept.includes("\n")) {
      const more = yield* proc.read(0);
      if (more === undefined) return 0;
      kept += more;
    }
    const end = kept.indexOf("\n");
    const words = kept
      .slice(0, end)
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => word.replace(/^"(.*)"$/, "$1"));
    kept = kept.slice(end + 1);
    if (words.length === 0) continue;
    if (words[0] === "exit" || words[0] === "quit") return 0;
    const reply = store.execute(words, isIn);
    if (words[0]?.toUpperCase() === "AUTH") isIn = isOk(reply);
    yield* proc.write(1, `${shown(reply, raw)}\n`);
  }
}

export const redisCli: Program = { name: "redis-cli", folder: "/usr/local/bin", run };
