/** Recorded command lines that our kubectl does not answer like the real one yet. Entries are only ever taken out. */
export const notYet: ReadonlySet<string> = new Set([]);
