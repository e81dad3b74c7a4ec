import { Box, Text, useInput } from "ink";
import { type ReactElement, useState } from "react";
import { useSize } from "./use-size.ts";

/** One line of a list to choose from. */
export interface ChoiceItem<T> {
  readonly label: string;
  readonly detail?: string;
  readonly value: T;
}

/** A list to choose from; `keys` are further keys that act on the chosen line. undefined: nothing was chosen. */
export function Choice<T>(props: {
  title: string;
  intro?: string;
  items: readonly ChoiceItem<T>[];
  start?: number;
  hint?: string;
  keys?: Readonly<Record<string, (value: T, at: number) => void>>;
  done: (value: T | undefined) => void;
}): ReactElement {
  const { items } = props;
  const { rows, columns } = useSize();
  const [at, setAt] = useState(props.start ?? 0);
  const intro = props.intro ? props.intro.split("\n") : [];
  const height = Math.max(rows - 4 - intro.length, 3);
  const top = Math.max(0, Math.min(at - Math.floor(height / 2), items.length - height));
  useInput((input, key) => {
    if (key.escape || input === "q") props.done(undefined);
    else if (key.return) props.done(items[at]?.value);
    else if (key.downArrow || input === "j") setAt(Math.min(items.length - 1, at + 1));
    else if (key.upArrow || input === "k") setAt(Math.max(0, at - 1));
    else if (/^[1-9]$/.test(input) && Number(input) <= items.length) setAt(Number(input) - 1);
    else {
      const item = items[at];
      if (item) props.keys?.[input]?.(item.value, at);
    }
  });
  return (
    <Box flexDirection="column">
      <Text bold inverse>{` ${props.title} `}</Text>
      {intro.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <Text key={i}>{` ${line}`}</Text>
      ))}
      <Text> </Text>
      {items.slice(top, top + height).map((item, i) => {
        const chosen = top + i === at;
        const line = `${chosen ? "›" : " "} ${item.label}`;
        return (
          <Text key={item.label} bold={chosen} wrap="truncate">
            {` ${line}`.padEnd(Math.min(56, columns - 30))}
            <Text dimColor>{item.detail ?? ""}</Text>
          </Text>
        );
      })}
      <Text dimColor>{` ↑ ↓ move   Enter choose   ${props.hint ?? ""}   Esc back`}</Text>
    </Box>
  );
}
