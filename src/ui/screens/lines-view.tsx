import { Box, Text, useInput } from "ink";
import type { ReactElement } from "react";
import { useScroll } from "./use-scroll.ts";
import { useSize } from "./use-size.ts";
import { useTick } from "./use-tick.ts";

/** A line of a screen and how it looks. */
export interface ScreenLine {
  readonly text: string;
  readonly look: "head" | "met" | "unmet" | "plain";
}

const looks = {
  head: { bold: true },
  met: { color: "green" },
  unmet: { color: "red" },
  plain: {},
} as const;

/** Lines under a heading, to be scrolled; Esc, q and Enter (true) leave them. `note` stands at the right of the heading. */
export function LinesView(props: {
  title: string;
  note?: () => string;
  lines: (columns: number) => readonly ScreenLine[];
  hint?: string;
  done: (entered: boolean) => void;
}): ReactElement {
  const { columns, rows } = useSize();
  useTick();
  const lines = props.lines(columns - 2);
  const height = Math.max(rows - 3, 3);
  const { top, last } = useScroll(lines.length, height);
  useInput((input, key) => {
    if (key.escape || key.return || input === "q") props.done(key.return);
  });
  const shown = lines.slice(top, top + height);
  const more = last > 0 ? `   ${top + 1}-${top + shown.length} of ${lines.length}   ↑ ↓ space scroll` : "";
  return (
    <Box flexDirection="column">
      <Heading title={props.title} note={props.note?.() ?? ""} columns={columns} />
      <Text> </Text>
      <Box flexDirection="column" height={height}>
        {shown.map(({ text, look }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
          <Text key={i} wrap="truncate" {...looks[look]}>
            {` ${text}`}
          </Text>
        ))}
      </Box>
      <Text dimColor wrap="truncate">{` ${props.hint ?? "Esc back"}${more}`}</Text>
    </Box>
  );
}

/** The first row of a screen. */
export function Heading({ title, note, columns }: { title: string; note: string; columns: number }): ReactElement {
  const room = Math.max(columns - note.length - 3, 8);
  const cut = title.length > room ? `${title.slice(0, room - 1)}…` : title;
  return <Text inverse>{` ${cut}${" ".repeat(Math.max(columns - cut.length - note.length - 2, 1))}${note} `}</Text>;
}
