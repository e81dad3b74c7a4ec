import type { ReactElement } from "react";
import { showOverlay } from "../overlay.tsx";
import type { TerminalOwner } from "../terminal-owner.ts";
import { Choice, type ChoiceItem } from "./choice.tsx";
import { LinesView, type ScreenLine } from "./lines-view.tsx";
import { TextView } from "./text-view.tsx";

interface Common {
  readonly title: string;
  /** Stands at the right of the title, drawn anew every second. */
  readonly note?: () => string;
  readonly hint?: string;
  /** Whether a key leaves the screen for something else. */
  readonly leavesBy?: (key: string) => boolean;
}

/** How a screen was left: by a choice, by a hot key, or (neither) just so. */
export interface Left<T> {
  readonly value?: T;
  readonly key?: string;
}

function show<T>(
  owner: TerminalOwner,
  { leavesBy }: Common,
  screen: (done: (value?: T) => void) => ReactElement,
): Promise<Left<T>> {
  const left = showOverlay<Left<T>>(
    owner,
    (done) => screen((value) => done(value === undefined ? {} : { value })),
    (key) => (leavesBy?.(key) ? { key } : undefined),
  );
  return left.then((how) => how ?? {});
}

/** Shows a text until it is left; true when by Enter. */
export function showText(owner: TerminalOwner, props: Common & { text: string }): Promise<Left<boolean>> {
  const { leavesBy, ...rest } = props;
  return show<boolean>(owner, props, (done) => <TextView {...rest} done={done} />);
}

/** Shows lines until they are left. */
export function showLines(
  owner: TerminalOwner,
  props: Common & { lines: (columns: number) => readonly ScreenLine[] },
): Promise<Left<boolean>> {
  const { leavesBy, ...rest } = props;
  return show<boolean>(owner, props, (done) => <LinesView {...rest} done={done} />);
}

/** Lets one of a list be chosen. */
export function choose<T>(
  owner: TerminalOwner,
  props: Common & {
    intro?: string;
    items: () => readonly ChoiceItem<T>[];
    start?: number;
    keys?: Readonly<Record<string, (value: T) => void>>;
  },
): Promise<Left<T>> {
  const { leavesBy, ...rest } = props;
  return show<T>(owner, props, (done) => <Choice {...rest} done={done} />);
}
