/** A double as sign, whole mantissa and power of two. */
function parts(value: number): { mantissa: bigint; power: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  return exponent === 0
    ? { mantissa: fraction, power: -1074 }
    : { mantissa: fraction | (1n << 52n), power: exponent - 1075 };
}

/** |value| times ten to the power of `digits`, rounded half to even: exact, as printf(3) rounds. */
function scaled(value: number, digits: number): bigint {
  const { mantissa, power } = parts(value);
  let top = mantissa;
  let bottom = 1n;
  if (digits >= 0) top *= 10n ** BigInt(digits);
  else bottom *= 10n ** BigInt(-digits);
  if (power >= 0) top <<= BigInt(power);
  else bottom <<= BigInt(-power);
  const whole = top / bottom;
  const twice = (top % bottom) * 2n;
  return twice > bottom || (twice === bottom && whole % 2n === 1n) ? whole + 1n : whole;
}

/** printf's %f, without sign. */
function fixed(value: number, precision: number): string {
  const text = scaled(value, precision)
    .toString()
    .padStart(precision + 1, "0");
  return precision === 0 ? text : `${text.slice(0, -precision)}.${text.slice(-precision)}`;
}

/** The digits and the exponent of printf's %e. */
function scientific(value: number, precision: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: "0".repeat(precision + 1), exponent: 0 };
  let exponent = Math.floor(Math.log10(Math.abs(value)));
  for (;;) {
    const digits = scaled(value, precision - exponent).toString();
    if (digits.length === precision + 1) return { digits, exponent };
    exponent += digits.length > precision + 1 ? 1 : -1;
  }
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function withPoint(digits: string): string {
  return digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
}

function general(value: number, asked: number, keepZeros: boolean): string {
  const precision = asked === 0 ? 1 : asked;
  const { digits, exponent } = scientific(value, precision - 1);
  const small = exponent < -4 || exponent >= precision;
  const text = small ? withPoint(digits) : fixed(value, Math.max(0, precision - 1 - exponent));
  const cut = keepZeros || !text.includes(".") ? text : text.replace(/\.?0+$/, "");
  return small ? cut + exponentText(exponent) : cut;
}

/** A number as printf(3) writes it for e, f or g (either case), without width and flags but with its minus sign. */
export function formatFloat(value: number, conversion: string, precision = 6, alternate = false): string {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const lower = conversion.toLowerCase();
  let text: string;
  if (Number.isNaN(value)) text = "nan";
  else if (!Number.isFinite(value)) text = "inf";
  else if (lower === "f") text = fixed(value, precision) + (alternate && precision === 0 ? "." : "");
  else if (lower === "g") text = general(value, precision, alternate);
  else {
    const { digits, exponent } = scientific(value, precision);
    text = withPoint(digits) + exponentText(exponent);
  }
  return sign + (lower === conversion ? text : text.toUpperCase());
}
