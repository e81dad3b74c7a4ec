import type { JsonObject } from "../../../../base/json.ts";
import type { Context } from "../../context.ts";
import { envNameProblems } from "../../data-sources.ts";
import type { FlagValues } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { generatedMetadata } from "../../generator.ts";
import { portNumber } from "../../service-ports.ts";
import type { flags } from "./run.ts";

type Values = FlagValues<typeof flags>;

/** The pod of kubectl run (generate/versioned BasicPod, 1.33). */
export function podOf(
  context: Context,
  name: string,
  words: readonly string[],
  values: Values,
  attaches: boolean,
): JsonObject {
  const { stdin, tty, restart, privileged, "image-pull-policy": imagePullPolicy } = values;
  const labels = values.labels === "" ? { run: name } : pairs(values.labels, "label");
  const annotations = Object.assign({}, ...values.annotations.map((one) => pairs(one, "annotation"))) as JsonObject;
  const closesStdin = stdin && !values["leave-stdin-open"] && attaches;
  const container: JsonObject = {
    name,
    image: values.image,
    ...(words.length === 0 ? {} : values.command ? { command: words } : { args: words }),
    env: values.env.map(variable),
    ...(values.port === "" ? {} : { ports: [{ containerPort: containerPort(values.port) }] }),
    imagePullPolicy,
    stdin,
    stdinOnce: closesStdin,
    tty,
    ...(privileged ? { securityContext: { privileged } } : {}),
  };
  const spec = {
    containers: [container],
    dnsPolicy: "ClusterFirst",
    restartPolicy: restart === "" ? "Always" : restart,
  };
  const metadata = generatedMetadata(context, name, { labels, annotations });
  return { apiVersion: "v1", kind: "Pod", metadata, spec };
}

/** The service of --expose. */
export function serviceOf(context: Context, name: string, values: Values): JsonObject {
  const port = portNumber(values.port);
  const labels = values.labels === "" ? undefined : pairs(values.labels, "label");
  const spec = { ports: [{ protocol: "TCP", port, targetPort: port }], selector: labels ?? { run: name } };
  return { apiVersion: "v1", kind: "Service", metadata: generatedMetadata(context, name, { labels }), spec };
}

/** A port as Go's strconv.Atoi reads it. */
function containerPort(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new CommandFault(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function pairs(text: string, what: string): JsonObject {
  const found: Record<string, string> = {};
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    if (equals <= 0)
      throw new CommandFault(
        what === "label" ? `unexpected label spec: ${part}` : `invalid annotations format: ${part}`,
      );
    found[part.slice(0, equals)] = part.slice(equals + 1);
  }
  return found;
}

function variable(text: string): JsonObject {
  const equals = text.indexOf("=");
  const name = text.slice(0, equals);
  if (equals <= 0 || envNameProblems(name).length > 0) throw new CommandFault(`invalid env: ${text}`);
  return { name, value: text.slice(equals + 1) };
}
