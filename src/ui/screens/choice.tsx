import { Box, Text, useInput } from "ink";
import { type ReactElement, useReducer, useRef } from "react";
import { textWidth } from "../line/width.ts";
import { Heading } from "./lines-view.tsx";
import { useSize } from "./use-size.ts";
import { useTick } from "./use-tick.ts";
import { wrap } from "./wrap.ts";

/** One line of a list to choose from. */
export interface ChoiceItem<T> {
  readonly label: string;
  readonly detail?: string;
  readonly value: T;
}

/** A list to choose from; `keys` are further keys that act on the chosen line. undefined: nothing was chosen. */
export function Choice<T>(props: {
  title: string;
  note?: () => string;
  intro?: string;
  items: () => readonly ChoiceItem<T>[];
  start?: number;
  hint?: string;
  keys?: Readonly<Record<string, (value: T) => void>>;
  done: (value: T | undefined) => void;
}): ReactElement {
  const items = props.items();
  const { rows, columns } = useSize();
  useTick();
  // Several keys may come before the next drawing: each acts on where the one before went.
  const place = useRef(props.start ?? 0);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const at = place.current;
  const intro = props.intro ? wrap(props.intro, columns - 2).slice(0, Math.max(rows - 6, 0)) : [];
  const height = Math.max(rows - 3 - (intro.length > 0 ? intro.length + 1 : 0), 1);
  const top = Math.max(0, Math.min(at - Math.floor(height / 2), items.length - height));
  useInput((input, key) => {
    const item = items[place.current];
    if (key.escape || input === "q") props.done(undefined);
    else if (key.return) props.done(item?.value);
    else if (key.downArrow || input === "j") place.current = Math.min(items.length - 1, place.current + 1);
    else if (key.upArrow || input === "k") place.current = Math.max(0, place.current - 1);
    else if (/^[1-9]$/.test(input) && Number(input) <= items.length) place.current = Number(input) - 1;
    else if (item) props.keys?.[input]?.(item.value);
    draw();
  });
  const detailWidth = Math.max(0, ...items.map(({ detail }) => textWidth(detail ?? "")));
  const labelWidth = Math.max(columns - detailWidth - 6, 10);
  return (
    <Box flexDirection="column">
      <Heading title={props.title} note={props.note?.() ?? ""} columns={columns} />
      <Text> </Text>
      {intro.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <Text key={i} wrap="truncate">{` ${line}`}</Text>
      ))}
      {intro.length > 0 ? <Text> </Text> : undefined}
      {items.slice(top, top + height).map(({ label, detail }, i) => (
        <Text key={label} bold={top + i === at} wrap="truncate">
          {` ${top + i === at ? "›" : " "} ${cell(label, labelWidth)}`}
          <Text dimColor>{detail ? `  ${detail}` : ""}</Text>
        </Text>
      ))}
      <Text
        dimColor
        wrap="truncate"
      >{` ↑ ↓ move   Enter choose   ${props.hint ? `${props.hint}   ` : ""}Esc back`}</Text>
    </Box>
  );
}

function cell(text: string, width: number): string {
  const characters = [...text];
  if (textWidth(text) > width) {
    while (textWidth(characters.join("")) > width - 1) characters.pop();
    characters.push("…");
  }
  const cut = characters.join("");
  return cut + " ".repeat(Math.max(0, width - textWidth(cut)));
}
