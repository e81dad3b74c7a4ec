import { useStdout } from "ink";
import { useEffect, useState } from "react";

/** The terminal's size, less the last row: a frame as high as the terminal makes Ink clear it each time. */
export function useSize(): { columns: number; rows: number } {
  const { stdout } = useStdout();
  const read = () => ({ columns: stdout.columns || 80, rows: (stdout.rows || 24) - 1 });
  const [size, setSize] = useState(read);
  useEffect(() => {
    const changed = () => setSize({ columns: stdout.columns || 80, rows: (stdout.rows || 24) - 1 });
    stdout.on("resize", changed);
    return () => {
      stdout.off("resize", changed);
    };
  }, [stdout]);
  return size;
}
