/** How far a transfer has come: bytes got and sent, of how many, in how many microseconds. */
export interface Progress {
  readonly got: number;
  readonly expected: number | undefined;
  readonly sent: number;
  readonly micros: number;
}

const head = `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
`;

/** The progress meter's head and its first line. */
export const meterStart = `${head}${line({ got: 0, expected: 0, sent: 0, micros: 0 })}`;

/** The first line of the meter again, for another try. */
export const meterAgain = line({ got: 0, expected: 0, sent: 0, micros: 0 });

/** One line of the meter, which overwrites the one before (lib/progress.c, 7.88). */
export function line({ got, expected, sent, micros }: Progress): string {
  const total = (expected ?? got) + sent;
  const seconds = micros / 1_000_000;
  const speed = (bytes: number) => (bytes === 0 ? 0 : Math.floor(bytes / (micros / 1_000_000 || 0.001)));
  const now = speed(got) + speed(sent);
  const share = (part: number, whole: number) => (whole > 0 ? Math.floor((part * 100) / whole) : 0);
  const spent = seconds >= 1 ? clock(seconds) : "--:--:--";
  const whole = got > 0 && seconds >= 1 ? clock(seconds) : "--:--:--";
  const cells = [
    `${pad(share(got + sent, total), 3)} ${short(total)}`,
    `${pad(share(got, expected ?? got), 3)} ${short(got)}`,
    `${pad(share(sent, sent), 3)} ${short(sent)}`,
    `${short(speed(got))} `,
  ].join("  ");
  return `\r${cells} ${short(speed(sent))} ${whole} ${spent} --:--:-- ${short(now)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width);
}

/** A number of bytes in five characters. */
function short(bytes: number): string {
  if (bytes < 100_000) return pad(bytes, 5);
  const units: readonly [string, number][] = [
    ["k", 1024],
    ["M", 1024 ** 2],
    ["G", 1024 ** 3],
  ];
  for (const [unit, size] of units) {
    const value = bytes / size;
    if (unit !== "k" && value < 100) return `${value.toFixed(1).padStart(4)}${unit}`;
    if (value < 10_000) return `${String(Math.floor(value)).padStart(4)}${unit}`;
  }
  return " huge";
}

function clock(seconds: number): string {
  const s = Math.floor(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${String(Math.floor(s / 3600)).padStart(2)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
