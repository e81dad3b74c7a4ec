import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { type Instance, render } from "ink";
import type { ReactElement } from "react";
import type { TerminalOwner } from "./terminal-owner.ts";
import type { TerminalOutput } from "./terminal-streams.ts";

/** A keyboard for Ink that the terminal's owner feeds key by key: Ink must never see the real one. */
class FedKeyboard extends PassThrough {
  readonly isTTY = true;

  constructor() {
    super({ objectMode: true });
  }
  setRawMode(): this {
    return this;
  }
  override setEncoding(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** The screen as Ink sees it: each frame is painted over the one before, row by row, so that nothing flickers. */
class FrameScreen extends EventEmitter {
  private readonly screen: TerminalOutput;
  readonly isTTY = true;

  constructor(screen: TerminalOutput) {
    super();
    this.screen = screen;
  }
  get columns(): number {
    return this.screen.columns || 80;
  }
  get rows(): number {
    return this.screen.rows || 24;
  }
  write(frame: string): boolean {
    if (frame.trim() === "") return true;
    const rows = frame.replace(/\n$/, "").split("\n").slice(0, this.rows);
    return this.screen.write(`\u001b[H${rows.map((row) => `${row}\u001b[K`).join("\r\n")}\u001b[J`);
  }
}

/**
 * Shows an Ink screen in the alternate buffer until it calls `done`, and gives what it was called with; undefined where
 * it was closed from outside. `hotKeys` may end it by a key that means something everywhere.
 */
export function showOverlay<T>(
  owner: TerminalOwner,
  screen: (done: (value: T) => void) => ReactElement,
  hotKeys: (name: string) => T | undefined = () => undefined,
): Promise<T | undefined> {
  return owner.withOverlay((feed) => {
    const stdin = new FedKeyboard();
    const stdout = new FrameScreen(owner.stdout);
    const resized = (): void => void stdout.emit("resize");
    owner.stdout.on("resize", resized);
    return new Promise<T | undefined>((resolve, reject) => {
      let instance: Instance | undefined;
      const done = (value: T | undefined) => {
        owner.stdout.off("resize", resized);
        resolve(value);
        instance?.unmount();
      };
      feed({
        key: (key) => {
          const value = key.type === "key" ? hotKeys(key.name) : undefined;
          if (value !== undefined) done(value);
          else stdin.write(key.raw);
        },
        close: () => done(undefined),
      });
      // Frames as they are, without Ink's own erasing and without its silence where CI is set: FrameScreen paints them.
      instance = render(screen(done), {
        stdin: stdin as unknown as NodeJS.ReadStream,
        stdout: stdout as unknown as NodeJS.WriteStream,
        debug: true,
        exitOnCtrlC: false,
        patchConsole: false,
      });
      instance.waitUntilExit().catch(reject);
    });
  });
}
