import type { UserInfo } from "../define.ts";

/** What someone wants to do: something with a resource, or something with a path. */
export type Attributes =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string | undefined;
      readonly name?: string | undefined;
      readonly namespace?: string | undefined;
      readonly version?: string | undefined;
      /** The fields that a list or watch is narrowed to, and their values. */
      readonly selected?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly verb: string; readonly path: string };

export interface Decision {
  readonly allowed: boolean;
  /** It holds for as long as the authorizer's revision stays: for every name, or for the one that was asked for. */
  readonly holds?: "any name" | "this name";
  /** What the authorizer says beside it; shown behind the refusal. */
  readonly reason: string;
}

/** Decides who may do what, by the modes of --authorization-mode. */
export interface Authorizer {
  decide(user: UserInfo, attributes: Attributes): Decision;
  /** Counts up whenever decisions may have changed. */
  readonly revision: number;
}
