import { goQuote } from "../../base/go-text.ts";
import { type Kind, resourceName } from "../../kinds/define.ts";
import { Status, type StatusDetails } from "../../kinds/status.ts";

// The words of apimachinery pkg/api/errors/errors.go, 1.35.

export { invalid } from "../../kinds/problem.ts";

type Named = Pick<Kind, "group" | "plural">;

/** What errors of one resource say about it: its plural stands where one expects the kind. */
export function detailsOf(kind: Named, name?: string): StatusDetails {
  return { ...(name ? { name } : {}), ...(kind.group ? { group: kind.group } : {}), kind: kind.plural };
}

export function notFound(kind: Named, name: string): Status {
  return new Status("NotFound", `${resourceName(kind)} ${goQuote(name)} not found`, detailsOf(kind, name));
}

export function alreadyExists(kind: Named, name: string): Status {
  return new Status("AlreadyExists", `${resourceName(kind)} ${goQuote(name)} already exists`, detailsOf(kind, name));
}

/** generateName found no free name. */
export function noFreeName(kind: Named, name: string): Status {
  const why = "already exists, the server was not able to generate a unique name for the object";
  return new Status("AlreadyExists", `${resourceName(kind)} ${goQuote(name)} ${why}`, {
    ...detailsOf(kind, name),
    retryAfterSeconds: 1,
  });
}

export const modified = "the object has been modified; please apply your changes to the latest version and try again";

export function conflict(kind: Named, name: string, why: string = modified): Status {
  const message = `Operation cannot be fulfilled on ${resourceName(kind)} ${goQuote(name)}: ${why}`;
  return new Status("Conflict", message, detailsOf(kind, name));
}

export function forbidden(kind: Named, name: string | undefined, why: string): Status {
  const what = name ? `${resourceName(kind)} ${goQuote(name)}` : resourceName(kind);
  return new Status("Forbidden", `${what} is forbidden: ${why}`, detailsOf(kind, name));
}

export function badRequest(message: string): Status {
  return new Status("BadRequest", message);
}

export function internalError(message: string): Status {
  return new Status("InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
}

export function methodNotSupported(kind: Named, verb: string): Status {
  const message = `${verb} is not supported on resources of kind ${goQuote(resourceName(kind))}`;
  return new Status("MethodNotAllowed", message, detailsOf(kind));
}

/** A path that no resource answers. */
export function unknownPath(): Status {
  return new Status("NotFound", "the server could not find the requested resource", {
    causes: [{ reason: "UnexpectedServerResponse", message: "404 page not found" }],
  });
}
