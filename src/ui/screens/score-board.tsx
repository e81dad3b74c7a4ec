import { Box, Text, useInput } from "ink";
import { type ReactElement, useState } from "react";
import type { Report } from "../../../grader/score.ts";
import { scoreLines } from "./score-lines.ts";
import { useSize } from "./use-size.ts";

/** The result of a paper: the score, the domains, every check with its reason. */
export function ScoreBoard(props: { report: Report; done: () => void }): ReactElement {
  const { rows, columns } = useSize();
  const [top, setTop] = useState(0);
  const lines = scoreLines(props.report, columns - 2);
  const height = Math.max(rows - 2, 3);
  const last = Math.max(0, lines.length - height);
  useInput((input, key) => {
    if (key.escape || key.return || input === "q") props.done();
    else if (key.downArrow || input === "j") setTop(Math.min(last, top + 1));
    else if (key.upArrow || input === "k") setTop(Math.max(0, top - 1));
    else if (key.pageDown || input === " ") setTop(Math.min(last, top + height));
    else if (key.pageUp || input === "b") setTop(Math.max(0, top - height));
  });
  return (
    <Box flexDirection="column">
      <Box flexDirection="column" height={height}>
        {lines.slice(top, top + height).map(({ text, look }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
          <Text key={i} bold={look === "head"} {...colourOf(look)} wrap="truncate">
            {` ${text}`}
          </Text>
        ))}
      </Box>
      <Text dimColor>{" ↑ ↓ space scroll   Enter leave"}</Text>
    </Box>
  );
}

function colourOf(look: "head" | "met" | "unmet" | "plain"): { color?: string } {
  return look === "met" ? { color: "green" } : look === "unmet" ? { color: "red" } : {};
}
