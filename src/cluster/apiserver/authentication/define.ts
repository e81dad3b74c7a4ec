import type { UserInfo } from "../define.ts";

/** What became of a token: whom it speaks for and to whom, or what is wrong; undefined: it is none of this kind. */
export type TokenAnswer =
  | { readonly user: UserInfo; readonly audiences: readonly string[] }
  | { readonly error: string }
  | undefined;
