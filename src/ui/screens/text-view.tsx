import type { ReactElement } from "react";
import { LinesView } from "./lines-view.tsx";
import { wrap } from "./wrap.ts";

/** A text with a heading, to be scrolled. */
export function TextView(props: {
  title: string;
  note?: () => string;
  text: string;
  hint?: string;
  done: (entered: boolean) => void;
}): ReactElement {
  const { text, ...rest } = props;
  return <LinesView {...rest} lines={(columns) => wrap(text.trimEnd(), columns).map(plainLine)} />;
}

const plainLine = (text: string) => ({ text, look: "plain" as const });
