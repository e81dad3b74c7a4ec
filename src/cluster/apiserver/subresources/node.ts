import type { HttpResponse, RemoteSession } from "../../../base/http.ts";
import type { JsonObject } from "../../../base/json.ts";
import { Stream } from "../../../base/stream.ts";
import { Status } from "../../../kinds/status.ts";
import type { Node } from "../../../kinds/types/core.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Context } from "../context.ts";
import type { NodeConnection } from "../define.ts";
import { unansweredDial } from "../dial-fault.ts";
import { badRequest, notFound } from "../errors.ts";
import type { Outcome } from "../verbs/outcome.ts";
import type { SubresourceRequest } from "./define.ts";

/** pods/log: text from the kubelet of the pod's node (kubernetes pkg/registry/core/pod/strategy.go LogLocation, 1.35). */
export function answerLog(context: Context, { request, query }: SubresourceRequest): Outcome {
  const pod = podOf(context, request);
  const container = chosenContainer(pod, query.get("container") ?? "");
  if (!pod.spec.nodeName) {
    return { what: "response", response: { status: 200, headers: { "content-type": "text/plain" }, body: "" } };
  }
  const asked = new URLSearchParams(query);
  asked.set("container", container);
  const path = `containerLogs/${pod.metadata.namespace}/${pod.metadata.name}/${container}`;
  return { what: "response", response: connected(context, pod, `Get "%s/${path}": `).logs(pod, asked) };
}

/** pods/exec, pods/attach, pods/portforward: a session with the kubelet of the pod's node. */
export function answerExec(context: Context, { request, query }: SubresourceRequest): Outcome {
  const pod = podOf(context, request);
  const subresource = request.subresource as "exec" | "attach" | "portforward";
  if (!pod.spec.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const asked = new URLSearchParams(query);
  if (subresource !== "portforward") asked.set("container", chosenContainer(pod, query.get("container") ?? ""));
  if (subresource === "portforward")
    return {
      what: "response",
      response: connected(context, pod, "error dialing backend: ").exec(pod, subresource, asked),
    };
  return { what: "response", response: translated(context, pod, subresource, asked) };
}

/**
 * The session with the kubelet as the client of a WebSocket sees it: the server accepts the client first and dials the
 * kubelet then, so that every refusal comes as the session's end (apiserver util/proxy/streamtranslator.go, 1.35).
 */
function translated(context: Context, pod: Pod, subresource: "exec" | "attach", asked: URLSearchParams): HttpResponse {
  let refused: string;
  try {
    const { metadata } = pod;
    const path = `${subresource}/${metadata.namespace}/${metadata.name}/${asked.get("container")}${kubeletQuery(asked)}`;
    const response = connected(context, pod, `error sending request: Post "%s/${path}": `).exec(
      pod,
      subresource,
      asked,
    );
    const { session } = response;
    if (session) return { ...response, session: { ...session, ended: translatedEnd(session.ended) } };
    refused = String(response.body);
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    refused = error.message;
  }
  const output: RemoteSession["output"] = new Stream();
  const ended = new Stream<JsonObject>();
  ended.push(internalError(refused));
  output.close();
  ended.close();
  return { status: 101, headers: {}, session: { input() {}, resize() {}, output, ended, close() {} } };
}

function internalError(message: string): JsonObject {
  return {
    metadata: {},
    status: "Failure",
    message: `Internal error occurred: ${message}`,
    reason: "InternalError",
    details: { causes: [{ message }] },
    code: 500,
  };
}

/** Of what the kubelet tells of a session's end only the exit code goes on as it is. */
function translatedEnd(ended: Stream<JsonObject>): Stream<JsonObject> {
  const next = new Stream<JsonObject>(() => ended.close());
  ended.each((status) => {
    const plain = status.status === "Success" || status.reason === "NonZeroExitCode";
    next.push(plain ? status : internalError(String(status.message)));
    next.close();
  });
  const follow = () => {
    if (ended.closed) next.close();
    else ended.changed.add(follow);
  };
  follow();
  return next;
}

/** PodExecOptions as the kubelet's own query has them (registry/core/pod/strategy.go streamParams, 1.35). */
function kubeletQuery(asked: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const word of asked.getAll("command")) query.append("command", word);
  for (const [name, short] of [
    ["stderr", "error"],
    ["stdin", "input"],
    ["stdout", "output"],
    ["tty", "tty"],
  ] as const)
    if (asked.get(name) === "true") query.append(short, "1");
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function podOf(context: Context, { kind, namespace, name = "" }: SubresourceRequest["request"]): Pod {
  const pod = context.storage.get(kind, namespace, name) as Pod | undefined;
  if (!pod) throw notFound(kind, name);
  return pod;
}

function chosenContainer({ metadata, spec }: Pod, asked: string): string {
  const names = (containers: readonly { name: string }[] = []) => containers.map(({ name }) => name);
  const containers = names(spec.containers);
  const init = names(spec.initContainers);
  const ephemeral = names(spec.ephemeralContainers);
  if (asked !== "") {
    if ([...containers, ...init, ...ephemeral].includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`);
  }
  if (containers.length === 1) return containers[0] ?? "";
  let message = `a container name must be specified for pod ${metadata.name}, choose one of: [${containers.join(" ")}]`;
  if (init.length > 0) message += ` or one of the init containers: [${init.join(" ")}]`;
  if (ephemeral.length > 0) message += ` or one of the ephemeral containers: [${ephemeral.join(" ")}]`;
  throw badRequest(message);
}

/** The kubelet of the pod's node; where nobody answers, what the server's dial says. `%s` is the kubelet's URL. */
function connected(context: Context, { spec }: Pod, prefix: string): NodeConnection {
  const name = spec.nodeName ?? "";
  const found = context.hooks.nodes?.(name);
  if (found) return found;
  const node = context.storage.store.get("nodes", undefined, name) as Node | undefined;
  if (!node) throw new Status("InternalError", `${prefix.replace("%s", "")}nodes "${name}" not found`, {});
  const address = node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? name;
  const port = node.status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250;
  const dial = unansweredDial(context, address, port);
  throw new Status("", `${prefix.replace("%s", `https://${address}:${port}`)}${dial}`, undefined, 500);
}
