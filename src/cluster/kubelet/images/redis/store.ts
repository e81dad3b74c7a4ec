import { guestRegex } from "../../../../base/regex.ts";

/** An answer in Redis' protocol: a state, an error, a number, a text, nothing, or several. */
export type Reply =
  | { readonly ok: string }
  | { readonly error: string }
  | number
  | string
  | undefined
  | readonly Reply[];

/** The data and the settings of a Redis server, as its commands see them. */
export class RedisStore {
  private readonly data = new Map<string, string>();
  private readonly settings: Map<string, string>;
  private readonly about: () => string;

  constructor(settings: ReadonlyMap<string, string>, about: () => string) {
    this.settings = new Map(settings);
    this.about = about;
  }

  /** Does a command of a client that has said the password, or not. */
  execute(words: readonly string[], authenticated: boolean): Reply {
    const [name = "", ...args] = words;
    const command = name.toUpperCase();
    if (command === "AUTH") return this.authenticates(args.at(-1) ?? "");
    if (this.settings.get("requirepass") && !authenticated) return { error: "NOAUTH Authentication required." };
    const [least, run] = this.commands[command] ?? [];
    if (!run)
      return {
        error: `ERR unknown command '${name}', with args beginning with: ${args.map((arg) => `'${arg}' `).join("")}`,
      };
    if (args.length < (least ?? 0))
      return { error: `ERR wrong number of arguments for '${name.toLowerCase()}' command` };
    return run(args);
  }

  /** Whether a password is the server's. */
  authenticates(password: string): Reply {
    const wanted = this.settings.get("requirepass");
    if (!wanted)
      return {
        error:
          "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
      };
    return password === wanted
      ? { ok: "OK" }
      : { error: "WRONGPASS invalid username-password pair or user is disabled." };
  }

  private readonly commands: Readonly<
    Record<string, readonly [least: number, run: (args: readonly string[]) => Reply]>
  > = {
    PING: [0, ([text]) => text ?? { ok: "PONG" }],
    ECHO: [1, ([text]) => text],
    SELECT: [1, () => ({ ok: "OK" })],
    SET: [2, ([key = "", value = ""]) => this.set(key, value)],
    SETNX: [2, ([key = "", value = ""]) => this.setNew(key, value)],
    GET: [1, ([key = ""]) => this.data.get(key)],
    MGET: [1, (keys) => keys.map((key) => this.data.get(key))],
    APPEND: [2, ([key = "", value = ""]) => this.append(key, value)],
    STRLEN: [1, ([key = ""]) => this.data.get(key)?.length ?? 0],
    DEL: [1, (keys) => keys.filter((key) => this.data.delete(key)).length],
    EXISTS: [1, (keys) => keys.filter((key) => this.data.has(key)).length],
    INCR: [1, ([key = ""]) => this.add(key, 1)],
    DECR: [1, ([key = ""]) => this.add(key, -1)],
    INCRBY: [2, ([key = "", by = ""]) => this.add(key, Number(by))],
    KEYS: [1, ([pattern = ""]) => this.matching(pattern)],
    DBSIZE: [0, () => this.data.size],
    FLUSHALL: [0, () => this.clear()],
    FLUSHDB: [0, () => this.clear()],
    SAVE: [0, () => ({ ok: "OK" })],
    INFO: [0, () => this.about()],
    CONFIG: [1, (args) => this.config(args)],
  };

  private set(key: string, value: string): Reply {
    this.data.set(key, value);
    return { ok: "OK" };
  }

  private setNew(key: string, value: string): Reply {
    if (this.data.has(key)) return 0;
    this.data.set(key, value);
    return 1;
  }

  private append(key: string, value: string): Reply {
    const whole = `${this.data.get(key) ?? ""}${value}`;
    this.data.set(key, whole);
    return whole.length;
  }

  private clear(): Reply {
    this.data.clear();
    return { ok: "OK" };
  }

  private add(key: string, by: number): Reply {
    const before = this.data.get(key) ?? "0";
    if (!/^-?\d+$/.test(before) || !Number.isInteger(by))
      return { error: "ERR value is not an integer or out of range" };
    const after = Number(before) + by;
    this.data.set(key, String(after));
    return after;
  }

  private matching(pattern: string): readonly string[] {
    const escaped = pattern
      .replace(/[.+^$(){}|\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    const fits = guestRegex(`^${escaped}$`);
    return [...this.data.keys()].filter((key) => fits.test(key));
  }

  private config([verb = "", name = "", value]: readonly string[]): Reply {
    if (verb.toUpperCase() === "GET") {
      const escaped = name.replaceAll("*", ".*");
      const fits = guestRegex(`^${escaped}$`);
      return [...this.settings].filter(([key]) => fits.test(key)).flat();
    }
    if (verb.toUpperCase() === "SET" && value !== undefined) {
      if (!this.settings.has(name))
        return { error: `ERR Unknown option or number of arguments for CONFIG SET - '${name}'` };
      this.settings.set(name, value);
      return { ok: "OK" };
    }
    return { error: `ERR unknown subcommand '${verb}'. Try CONFIG HELP.` };
  }
}
