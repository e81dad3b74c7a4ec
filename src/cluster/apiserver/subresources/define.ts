import type { ApiRequest } from "../define.ts";

/** A request for a subresource. */
export interface SubresourceRequest {
  readonly request: ApiRequest;
  readonly text: string | undefined;
  readonly query: URLSearchParams;
}
