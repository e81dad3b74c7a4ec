import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import type { Image } from "./define.ts";

/** How many digits of pi perl's bignum computes in a microsecond, squared: 2,000 digits take some seconds. */
const SQUARE_DIGITS_PER_MICROSECOND = 0.8;

/** The first digits of pi, rounded, as bignum prints them (Machin's formula in whole numbers). */
function pi(digits: number): string {
  const guard = 10n;
  const one = 10n ** (BigInt(digits) + guard);
  const arctan = (x: bigint) => {
    let [term, sum, n, sign] = [one / x, one / x, 3n, -1n];
    while (term !== 0n) {
      term /= x * x;
      sum += (sign * term) / n;
      n += 2n;
      sign = -sign;
    }
    return sum;
  };
  const value = 4n * (4n * arctan(5n) - arctan(239n));
  const cut = 10n ** (guard + 1n);
  const text = ((value + cut / 2n) / cut).toString();
  return `${text[0]}.${text.slice(1)}`;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const line = argv.join(" ");
  const asked = /^-Mbignum=bpi -wle print bpi\((\d+)\);?$/.exec(line);
  if (argv[0] === "-v" || argv[0] === "--version") {
    yield* proc.write(1, "\nThis is perl 5, version 42, subversion 0 (v5.42.0) built for x86_64-linux-gnu\n\n");
    return 0;
  }
  const digits = Number(asked?.[1] ?? 0);
  if (!asked || digits > 20_000) {
    yield* proc.write(2, "perl: not simulated, but for -Mbignum=bpi -wle 'print bpi(N)' with N up to 20000\n");
    return 1;
  }
  for (let left = (digits * digits) / SQUARE_DIGITS_PER_MICROSECOND; left > 0; left -= 100_000)
    yield* proc.step(Math.max(1, Math.ceil(Math.min(left, 100_000))));
  yield* proc.write(1, `${digits < 2 ? "3" : pi(digits)}\n`);
  return 0;
}

const perlProgram: Program = { name: "perl", folder: "/usr/local/bin", run };

/** Perl, as far as the documentation's Job goes: it computes pi. */
export const perl: Image = {
  repository: "docker.io/library/perl",
  tags: ["latest", "5", "5.42", "5.42.0", "5.40", "5.38", "5.36", "5.34", "5.34.0", "slim"],
  size: 360_000_000,
  cmd: ["perl5.42.0", "-de0"],
  programs: [perlProgram],
  userland: "debian",
};
