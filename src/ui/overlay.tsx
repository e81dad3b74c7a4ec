import { PassThrough } from "node:stream";
import { type Instance, render } from "ink";
import type { ReactElement } from "react";
import type { TerminalOwner } from "./terminal-owner.ts";

/** A keyboard for Ink that the terminal's owner feeds: Ink must never see the real one. */
class FedKeyboard extends PassThrough {
  readonly isTTY = true;
  setRawMode(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** Shows an Ink screen in the alternate buffer until it calls `done`, and gives what it was called with. */
export function showOverlay<T>(owner: TerminalOwner, screen: (done: (value: T) => void) => ReactElement): Promise<T> {
  return owner.withOverlay((feed) => {
    const stdin = new FedKeyboard();
    feed({ keys: (chunk) => void stdin.write(chunk) });
    return new Promise<T>((resolve) => {
      let instance: Instance | undefined;
      const done = (value: T) => {
        instance?.unmount();
        resolve(value);
      };
      instance = render(screen(done), {
        stdin: stdin as unknown as NodeJS.ReadStream,
        exitOnCtrlC: false,
        patchConsole: false,
      });
    });
  });
}
