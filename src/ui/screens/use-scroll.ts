import { useInput } from "ink";
import { useState } from "react";

/** Which of `count` lines is the first shown in `height` rows; moved by the keys of a pager. */
export function useScroll(count: number, height: number): { top: number; last: number } {
  const [top, setTop] = useState(0);
  const last = Math.max(0, count - height);
  const move = (by: number) => setTop((at) => Math.min(last, Math.max(0, Math.min(at, last) + by)));
  useInput((input, key) => {
    if (key.downArrow || input === "j") move(1);
    else if (key.upArrow || input === "k") move(-1);
    else if (key.pageDown || input === " ") move(height);
    else if (key.pageUp || input === "b") move(-height);
    else if (key.home || input === "g") move(-count);
    else if (key.end || input === "G") move(count);
  });
  return { top: Math.min(top, last), last };
}
