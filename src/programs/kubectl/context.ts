import type { Micros } from "../../base/clock.ts";
import type { Stream } from "../../base/stream.ts";
import { Errno, type Task, type Wait } from "../../machine/define.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Process } from "../../machine/process.ts";
import { Client } from "./client.ts";
import { CommandFault, Unanswered } from "./faults.ts";
import { goErrno } from "./go-errno.ts";
import { configFilesOf } from "./kubeconfig/access.ts";
import { type ClientConfig, type Globals, type LoadedConfig, loadClientConfig } from "./kubeconfig/client-config.ts";
import { logLine } from "./log-line.ts";
import type { Mapper } from "./mapper.ts";
import { Output, type Writer } from "./output.ts";

/** client-go's feature gates and their defaults (features/known_features.go, 1.33). */
const clientGates = [
  ["ClientsAllowCBOR", false],
  ["ClientsPreferCBOR", false],
  ["InOrderInformers", true],
  ["InformerResourceVersion", false],
  ["WatchListClient", false],
] as const;

/** What a verb has to work with: its process, its streams, the kubeconfig's choice, the server. */
export class Context {
  readonly proc: Process;
  readonly output: Output;
  readonly globals: Globals;
  readonly given: ReadonlySet<string>;
  /** kubectl create configmap */
  readonly command: string;
  /** The command line as --record keeps it: kubectl set image deploy/web c=nginx --record=true */
  readonly line: string;
  private loadedConfig: LoadedConfig | undefined;
  private usedConfig: ClientConfig | undefined;
  private usedClient: Client | undefined;

  constructor(proc: Process, command: string, globals: Globals, given: ReadonlySet<string>, line = command) {
    this.proc = proc;
    this.output = new Output(proc);
    this.command = command;
    this.line = line;
    this.globals = globals;
    this.given = given;
  }

  get out(): Writer {
    return this.output.out;
  }

  get err(): Writer {
    return this.output.err;
  }

  get now(): Micros {
    return this.proc.machine.kernel.clock.now;
  }

  private get loaded(): LoadedConfig {
    this.loadedConfig ??= loadClientConfig(this.proc, this.globals, this.given);
    return this.loadedConfig;
  }

  /** Throws what is wrong with the kubeconfig, as far as is asked. */
  checkConfig(asked: "namespace" | "whole" | "none" = "namespace"): void {
    if (asked === "namespace") this.loaded.check();
    else if (asked === "whole") void this.config;
  }

  /** Whom to talk to, by kubeconfig and flags. Throws what is wrong with them. */
  get config(): ClientConfig {
    if (!this.usedConfig) {
      this.usedConfig = this.loaded.whole();
      if (this.globals.v >= 1) this.logStart();
    }
    return this.usedConfig;
  }

  /** What client-go logs before its first request: the files read, its feature gates (1.33). */
  private logStart(): void {
    const { all } = configFilesOf(this.proc, this.globals.kubeconfig);
    for (const path of this.globals.v >= 6 ? all : [])
      if (this.proc.machine.files.find(path, this.proc.credentials))
        this.err.line(logLine(this.proc, "I", "loader.go:402", `Config loaded from file:  ${path}`));
    for (const [gate, enabled] of clientGates)
      this.err.line(
        logLine(this.proc, "I", "envvar.go:172", `"Feature gate default state" feature="${gate}" enabled=${enabled}`),
      );
  }

  /** The namespace the command works in. */
  get namespace(): string {
    return this.config.namespace;
  }

  get client(): Client {
    this.usedClient ??= new Client({
      proc: this.proc,
      config: this.config,
      output: this.output,
      command: this.command,
      verbosity: this.globals.v,
      mustMatch: this.globals["match-server-version"],
    });
    return this.usedClient;
  }

  /** Whether --request-timeout ended a log before its time. */
  get cutShort(): boolean {
    return this.usedClient?.cutShort ?? false;
  }

  /** How many different warnings the server gave so far. */
  get warnings(): number {
    return this.usedClient?.warnings ?? 0;
  }

  /**
   * What the server has. Where nobody answers kubectl asks up to five times in a row, once for every look-up that it
   * makes of a word, and logs each (client-go memcache.go, 1.35).
   */
  *mapper(tries = 1): Task<Mapper> {
    for (let left = tries; ; left--) {
      try {
        return yield* this.client.mapper();
      } catch (fault) {
        if (!(fault instanceof Unanswered)) throw fault;
        const said = JSON.stringify(`couldn't get current server API group list: ${fault.whole}`);
        this.err.line(logLine(this.proc, "E", "memcache.go:265", `"Unhandled Error" err=${said}`));
        if (this.globals.v >= 3) {
          const why = `skipped caching discovery info due to ${fault.whole}`;
          this.err.line(logLine(this.proc, "I", "cached_discovery.go:120", why));
        }
        if (left <= 1) throw fault;
      }
    }
  }

  /** Lets the process wait, after everything has been written that was printed so far. */
  *wait(wait: Wait): Task<"ready" | "timeout"> {
    yield* this.output.flush();
    return yield* this.proc.wait(wait);
  }

  *sleep(seconds: number): Task {
    yield* this.output.flush();
    yield* this.proc.sleep(seconds);
  }

  /** The next item of a stream; undefined at its end, or when `until` has come ("timeout"). */
  *next<T>(stream: Stream<T>, until?: Micros): Task<T | undefined | "timeout"> {
    for (;;) {
      const item = stream.take();
      if (item !== undefined) return item;
      if (stream.ended) return undefined;
      if (until !== undefined && this.now >= until) return "timeout";
      yield* this.wait({ on: [stream.changed], until });
    }
  }

  /** The text of a file that was named on the command line; its faults are Go's. */
  readFile(path: string): string {
    try {
      return this.proc.machine.files.read(pathOf(this.proc, path), this.proc.credentials);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const isFolder = error.code === "EISDIR";
      throw new CommandFault(goErrno(isFolder ? "read" : "open", path, error));
    }
  }

  *readStdin(): Task<string> {
    yield* this.output.flush();
    return yield* this.proc.readAll(0);
  }
}
