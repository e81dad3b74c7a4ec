/** `text` with so many decimals, rounded from the 64-bit mantissa of x86's long double, with which bash reckons. */
export function fixedDecimals(text: string, decimals: number): string | undefined {
  const match = /^\s*([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d{1,3}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = "", power = "0"] = match;
  const digits = BigInt(whole + fraction || "0");
  const exponent = Number(power) - fraction.length;
  const [numerator, denominator] =
    exponent < 0 ? [digits, 10n ** BigInt(-exponent)] : [digits * 10n ** BigInt(exponent), 1n];
  const shift = 64n - BigInt(bits(numerator) - bits(denominator));
  const mantissa = shift >= 0n ? divide(numerator << shift, denominator) : divide(numerator, denominator << -shift);
  const scaled = mantissa * 10n ** BigInt(decimals);
  const rounded = shift >= 0n ? divide(scaled, 1n << shift) : scaled << -shift;
  const shown = rounded.toString().padStart(decimals + 1, "0");
  const split = shown.length - decimals;
  return `${sign === "-" ? "-" : ""}${shown.slice(0, split)}${decimals > 0 ? `.${shown.slice(split)}` : ""}`;
}

function bits(value: bigint): number {
  return value.toString(2).length;
}

/** To the nearest whole number, halves to the even one. */
function divide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  return twice > denominator || (twice === denominator && quotient % 2n === 1n) ? quotient + 1n : quotient;
}
