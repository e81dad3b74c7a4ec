import { type Micros, SECOND } from "../../../base/clock.ts";

/** How a load swings about its mean: two waves of these periods, in seconds, each of this part of the mean. */
const WAVES = [
  { period: 170, part: 0.12 },
  { period: 610, part: 0.17 },
] as const;

/** The numbers of names that were asked for; they follow from the names, so any may be forgotten. */
const phases = new Map<string, readonly number[]>();
const MOST_PHASES = 10_000;

function phasesOf(name: string): readonly number[] {
  let known = phases.get(name);
  if (!known) {
    known = WAVES.map((_, wave) => phaseOf(name, wave));
    if (phases.size >= MOST_PHASES) phases.clear();
    phases.set(name, known);
  }
  return known;
}

/** A number from 0 to below 1 that belongs to a name. */
function phaseOf(name: string, wave: number): number {
  let h = 2166136261 ^ wave;
  for (const character of name) h = Math.imul(h ^ (character.codePointAt(0) ?? 0), 16777619);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

/** What a load with a mean of 1 amounts to at a time: near 1, changing slowly, other for every name. */
export function loadAt(name: string, at: Micros): number {
  const own = phasesOf(name);
  let load = 1;
  WAVES.forEach(({ period, part }, wave) => {
    load += part * Math.sin(2 * Math.PI * (at / SECOND / period + (own[wave] ?? 0)));
  });
  return load;
}

/** What such a load has summed up to between two times, in seconds. */
export function loadBetween(name: string, from: Micros, to: Micros): number {
  const own = phasesOf(name);
  let sum = (to - from) / SECOND;
  WAVES.forEach(({ period, part }, wave) => {
    const angle = (at: Micros) => 2 * Math.PI * (at / SECOND / period + (own[wave] ?? 0));
    sum += ((part * period) / (2 * Math.PI)) * (Math.cos(angle(from)) - Math.cos(angle(to)));
  });
  return sum;
}
