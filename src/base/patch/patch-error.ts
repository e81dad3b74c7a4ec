/** A patch that cannot be read ("decode") or does not fit the object ("apply"); the message is in Kubernetes' words. */
export class PatchError extends Error {
  readonly stage: "decode" | "apply";

  constructor(message: string, stage: "decode" | "apply" = "apply") {
    super(message);
    this.name = "PatchError";
    this.stage = stage;
  }
}
