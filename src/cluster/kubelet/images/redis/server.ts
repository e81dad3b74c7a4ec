import { civilTime } from "../../../../base/time.ts";
import { Errno, type Program, type Task } from "../../../../machine/define.ts";
import { type Files, root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { untilStopped } from "../until-stopped.ts";
import { RedisStore } from "./store.ts";

/** What a server has that nobody configures (redis.conf, 8.4); names of what is taken from files and options, too. */
const usual: ReadonlyMap<string, string> = new Map([
  ["port", "6379"],
  ["bind", "* -::*"],
  ["maxmemory", "0"],
  ["maxmemory-policy", "noeviction"],
  ["appendonly", "no"],
  ["save", "3600 1 300 100 60 10000"],
  ["requirepass", ""],
  ["dir", "/data"],
  ["databases", "16"],
  ["timeout", "0"],
  ["loglevel", "notice"],
  ["protected-mode", "no"],
]);

const units: Readonly<Record<string, number>> = {
  "": 1,
  k: 1000,
  kb: 1024,
  m: 1e6,
  mb: 1024 ** 2,
  g: 1e9,
  gb: 1024 ** 3,
};
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function settingText(name: string, value: string): string {
  const bytes = name === "maxmemory" ? /^(\d+)([a-z]*)$/i.exec(value) : null;
  return bytes ? String(Number(bytes[1]) * (units[(bytes[2] ?? "").toLowerCase()] ?? 1)) : value;
}

/** The settings out of a configuration file and of options (--port 7000). Gives the words of the fault of a wrong one. */
function settingsOf(
  argv: readonly string[],
  files: (path: string) => Files,
): Map<string, string> | { readonly fault: readonly string[] } {
  const settings = new Map(usual);
  const [file] = argv[0]?.startsWith("-") === false ? argv : [];
  if (file !== undefined) {
    if (!files(file).find(file, root))
      return { fault: [`Fatal error, can't open config file '${file}': No such file or directory`] };
    const lines = files(file).read(file, root).split("\n");
    for (const [i, line] of lines.entries()) {
      const [name = "", ...values] = line.trim().split(/\s+/);
      if (name === "" || name.startsWith("#")) continue;
      if (!/^[a-z-]+$/i.test(name) || values.length === 0)
        return {
          fault: [
            "",
            "*** FATAL CONFIG FILE ERROR (Redis 8.4.0) ***",
            `Reading the configuration file, at line ${i + 1}`,
            `>>> '${line.trim()}'`,
            "Bad directive or wrong number of arguments",
          ],
        };
      settings.set(name.toLowerCase(), settingText(name.toLowerCase(), values.join(" ").replace(/^"|"$/g, "")));
    }
  }
  const options = file === undefined ? argv : argv.slice(1);
  for (let i = 0; i < options.length; i++) {
    const name = options[i]?.replace(/^--/, "") ?? "";
    const values: string[] = [];
    while (i + 1 < options.length && !options[i + 1]?.startsWith("--")) values.push(options[++i] ?? "");
    settings.set(name, settingText(name, values.join(" ")));
  }
  return settings;
}

function stamp(proc: Process): string {
  const { now } = proc.machine.kernel.clock;
  const t = civilTime(now);
  const two = (n: number) => String(n).padStart(2, "0");
  const millis = String(Math.floor(now / 1000) % 1000).padStart(3, "0");
  return `${proc.pid}:M ${two(t.day)} ${months[t.month - 1]} ${t.year} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}.${millis}`;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const { machine } = proc;
  const settings = settingsOf(argv, (path) => machine.filesAt(path));
  if ("fault" in settings) {
    for (const line of settings.fault) yield* proc.write(2, `${line}\n`);
    return 1;
  }
  const version = proc.env.get("REDIS_VERSION") ?? "";
  const store = new RedisStore(
    settings,
    () =>
      `# Server\r\nredis_version:${version}\r\nredis_mode:standalone\r\nprocess_id:${proc.pid}\r\ntcp_port:${settings.get("port")}\r\n\r\n# Replication\r\nrole:master\r\nconnected_slaves:0\r\n`,
  );
  const say = (words: string) => proc.write(1, `${stamp(proc)} ${words}\n`);
  yield* say(`* Redis version=${version}, bits=64, commit=00000000, modified=0, pid=${proc.pid}, just started`);
  const port = Number(settings.get("port"));
  try {
    machine.listen({ proc, address: "0.0.0.0", port, protocol: "TCP", direct: store });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* say(`# Warning: Could not create server TCP listening socket *:${port}: bind: ${error.message}`);
    yield* say(`# Failed listening on port ${port} (tcp), aborting.`);
    return 1;
  }
  yield* say("* Server initialized");
  yield* say("* Ready to accept connections tcp");
  const signal = yield* untilStopped(proc, ["TERM", "INT"]);
  yield* proc.write(
    1,
    `${proc.pid}:signal-handler (${Math.floor(machine.kernel.clock.now / 1_000_000)}) Received SIG${signal} scheduling shutdown...\n`,
  );
  yield* say("# User requested shutdown...");
  yield* say("# Redis is now ready to exit, bye bye...");
  return 0;
}

export const redisServer: Program = { name: "redis-server", folder: "/usr/local/bin", run };
