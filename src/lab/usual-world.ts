/** The world, host and seed of a shell where nothing is said. */
export const usualWorld = "two-workers";
export const usualHost = "controlplane";
export const usualSeed = "1";
/** Who logs in where nobody is named. */
export const usualUser = "candidate";
