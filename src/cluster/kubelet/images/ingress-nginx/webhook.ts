import { FormatError } from "../../../../base/format-error.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { type JsonObject, parseJson, toJson } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import type { Ingress } from "../../../../kinds/types/network.ts";
import { PREFIX } from "./annotation-values.ts";
import { configurationOf, type Taken } from "./configuration.ts";
import type { Globals } from "./globals.ts";
import type { Options } from "./options.ts";
import { readAnnotations } from "./settings.ts";
import type { Store } from "./store.ts";

/** What the admission webhook answers to the API server (internal/admission/controller, 1.13). */
export function reviewed(store: Store, options: Options, request: HttpRequest): HttpResponse {
  const review = reviewIn(request.body);
  const asked = review?.request;
  if (!review || !isObject(asked)) return { status: 400, headers: {}, body: "could not decode admission review" };
  const { apiVersion } = review;
  const answer = (response: JsonObject): HttpResponse => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: toJson({
      kind: "AdmissionReview",
      apiVersion,
      response: { uid: asked.uid ?? "", ...response },
    } as JsonObject),
  });
  const ingress = asked.object as unknown as Ingress;
  if (!isObject(asked.object) || ingress.kind !== "Ingress") return answer({ allowed: true });
  const where = `ingress="${ingress.metadata.namespace ?? String(asked.namespace ?? "")}/${ingress.metadata.name}"`;
  const warnings = pathProblems(ingress);
  const more = warnings.length > 0 ? { warnings: [...warnings] } : {};
  const problem = problemOf(store, options, ingress);
  if (problem === undefined) {
    store.log("I", "main.go:107", `"successfully validated configuration, accepting" ${where}`);
    return answer({ allowed: true, ...more });
  }
  store.log("E", "main.go:96", `"invalid ingress configuration" err=${JSON.stringify(problem)} ${where}`);
  const status = { metadata: {}, status: "Failure", message: problem, reason: "BadRequest", code: 400 };
  return answer({ allowed: false, status, ...more });
}

function reviewIn(body: HttpRequest["body"]): JsonObject | undefined {
  if (typeof body !== "string") return isObject(body as JsonObject) ? (body as JsonObject) : undefined;
  try {
    const value = parseJson(body);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

/** Paths with characters of patterns where the type allows none (internal/ingress/inspector/rules.go, 1.13). */
function pathProblems({ spec }: Ingress): readonly string[] {
  return (spec?.rules ?? []).flatMap(({ http }) =>
    (http?.paths ?? []).flatMap(({ path = "", pathType }) =>
      path === "" || pathType === "ImplementationSpecific" || /^\/[a-z0-9._\-/]*$/i.test(path)
        ? []
        : [`path ${path} cannot be used with pathType ${pathType}`],
    ),
  );
}

/** Why an Ingress is not to be had; undefined where nothing is wrong with it or it is somebody else's (controller.go CheckIngress, 1.13). */
function problemOf(store: Store, options: Options, ingress: Ingress): string | undefined {
  const { metadata, spec } = ingress;
  if (metadata.deletionTimestamp) return undefined;
  const mine = store.classOf(ingress);
  if (typeof mine !== "string") {
    const { name, namespace } = metadata;
    store.log(
      "W",
      "controller.go:343",
      `ignoring ingress ${name} in ${namespace} based on annotation : ${mine.message}`,
    );
    return undefined;
  }
  if (options.namespace !== undefined && metadata.namespace !== options.namespace) return undefined;
  if (options.noCatchAll && spec?.defaultBackend)
    return "this deployment is trying to create a catch-all ingress while DisableCatchAll flag is set to true. Remove '.spec.defaultBackend' or set DisableCatchAll flag to false";
  const { globals } = store;
  const paths = pathProblems(ingress);
  if (globals.strictPathTypes && paths.length > 0) return `ingress contains invalid paths: ${paths.join("\n")}`;
  const snippet = snippetIn(ingress, globals);
  if (snippet !== undefined) return snippet;
  const read = readAnnotations(ingress, globals);
  if ("refused" in read) return read.refused;
  const others = store
    .ingresses()
    .filter(({ ingress: one }) => one.metadata.name !== metadata.name || one.metadata.namespace !== metadata.namespace);
  return overlap({ ingress, settings: read.settings }, others, store);
}

function snippetIn({ metadata }: Ingress, globals: Globals): string | undefined {
  const key = Object.keys(metadata.annotations ?? {}).find((one) => one.endsWith("-snippet"));
  if (key === undefined || globals.allowSnippets) return undefined;
  return `${key} annotation cannot be used. Snippet directives are disabled by the Ingress administrator`;
}

/** A host and path that another Ingress has already, unless one of the two is a canary (controller.go checkOverlap, 1.13). */
function overlap(asked: Taken, others: readonly Taken[], store: Store): string | undefined {
  const { servers } = configurationOf(store.facts([...others, asked]));
  const isMarked = ({ metadata }: Ingress) => metadata.annotations?.[`${PREFIX}canary`] !== undefined;
  const own = asked.ingress.metadata;
  for (const { host, http } of asked.ingress.spec?.rules ?? [])
    for (const { path: given, backend } of http?.paths ?? []) {
      if (!backend.service) continue;
      const [name, path] = [host || "_", given || "/"];
      const there = (servers.get(name)?.locations ?? []).filter((one) => one.path === path && !one.isDefault);
      const from = there.flatMap((one) => one.from ?? []);
      if (from.length === 0) continue;
      if (from.some(({ metadata }) => metadata.name === own.name && metadata.namespace === own.namespace))
        return undefined;
      for (const other of from) {
        const bothCanaries = asked.settings.canary && isMarked(other);
        if (!bothCanaries && (isMarked(asked.ingress) || isMarked(other))) continue;
        const { namespace, name: otherName } = other.metadata;
        return `host "${name}" and path "${path}" is already defined in ingress ${namespace}/${otherName}`;
      }
      return undefined;
    }
  return undefined;
}
