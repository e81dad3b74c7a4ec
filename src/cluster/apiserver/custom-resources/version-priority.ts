/** The order of versions in discovery: v10, v2, v1, v2beta1, v1beta2, v1alpha1, then others by name (apimachinery pkg/version, 1.35). */
export function byVersionPriority(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  if (!one || !other) return one ? -1 : other ? 1 : a < b ? -1 : a > b ? 1 : 0;
  return other.stage - one.stage || other.major - one.major || other.minor - one.minor;
}

const stages: Readonly<Record<string, number>> = { alpha: 0, beta: 1 };

function partsOf(version: string): { stage: number; major: number; minor: number } | undefined {
  const found = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (!found) return undefined;
  const [, major, stage, minor] = found;
  return { stage: stage === undefined ? 2 : (stages[stage] ?? 0), major: Number(major), minor: Number(minor ?? 0) };
}
