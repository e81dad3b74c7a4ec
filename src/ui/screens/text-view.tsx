import { Box, Text, useInput } from "ink";
import { type ReactElement, useState } from "react";
import { useSize } from "./use-size.ts";
import { wrap } from "./wrap.ts";

/** A text with a heading, to be scrolled; Esc, q, Enter or F1 leave it. */
export function TextView(props: { title: string; note?: string; text: string; done: () => void }): ReactElement {
  const { columns, rows } = useSize();
  const [top, setTop] = useState(0);
  const lines = wrap(props.text.trimEnd(), columns - 2);
  const height = Math.max(rows - 4, 3);
  const last = Math.max(0, lines.length - height);
  const move = (by: number) => setTop((at) => Math.min(last, Math.max(0, at + by)));
  useInput((input, key) => {
    if (key.escape || key.return || input === "q" || input === "[11~" || input === "OP") props.done();
    else if (key.downArrow || input === "j") move(1);
    else if (key.upArrow || input === "k") move(-1);
    else if (key.pageDown || input === " ") move(height);
    else if (key.pageUp || input === "b") move(-height);
    else if (input === "g") move(-lines.length);
    else if (input === "G") move(lines.length);
  });
  const shown = lines.slice(Math.min(top, last), Math.min(top, last) + height);
  const more =
    last > 0 ? `${Math.min(top, last) + 1}-${Math.min(top, last) + shown.length} of ${lines.length} lines   ` : "";
  return (
    <Box flexDirection="column">
      <Text bold inverse>{` ${props.title} `}</Text>
      <Text dimColor>{props.note ?? ""}</Text>
      <Box flexDirection="column" height={height}>
        {shown.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
          <Text key={i}>{` ${line}` || " "}</Text>
        ))}
      </Box>
      <Text dimColor>{` ${more}↑ ↓ space scroll   Esc back`}</Text>
    </Box>
  );
}
