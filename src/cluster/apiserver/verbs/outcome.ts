import type { HttpResponse } from "../../../base/http.ts";
import type { JsonObject } from "../../../base/json.ts";
import type { Stream } from "../../../base/stream.ts";
import type { Kind } from "../../../kinds/define.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { WatchEvent } from "../define.ts";

/** Part of a list. */
export interface Page {
  readonly objects: readonly KubeObject[];
  readonly revision: string;
  readonly continue?: string;
  readonly remaining?: number;
}

/** What a request came to, before it gets the form the client wants. */
export type Outcome =
  | { readonly what: "object"; readonly status: number; readonly kind: Kind; readonly object: KubeObject }
  | { readonly what: "page"; readonly kind: Kind; readonly page: Page }
  | { readonly what: "watch"; readonly kind: Kind; readonly events: Stream<WatchEvent> }
  /** Something that is no object of the resource: a Status. */
  | { readonly what: "answer"; readonly status: number; readonly body: JsonObject }
  /** A node's answer: logs, a session. */
  | { readonly what: "response"; readonly response: HttpResponse };
