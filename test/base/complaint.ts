/** The message of what `run` throws. */
export function complaint(run: () => unknown): string | undefined {
  try {
    run();
  } catch (fault) {
    return (fault as Error).message;
  }
  return undefined;
}
