import { SECOND } from "../../../../base/clock.ts";
import type { JsonObject } from "../../../../base/json.ts";
import { Status } from "../../../../kinds/status.ts";
import { objectName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { printFlags, printOptions } from "../../flag-groups.ts";
import { durationFlag, listFlag, textFlag } from "../../flag-types.ts";
import { nameProblem } from "../../generator.ts";
import { objectPrinter } from "../../printers/object-printer.ts";
import { urlEscaped } from "../../query-text.ts";
import { typedObject } from "../../typed-object.ts";

const flags = {
  ...printFlags(),
  audience: listFlag("Whom the token is for; the API server where nothing is said."),
  "bound-object-kind": textFlag("The kind of an object whose end ends the token: Node, Pod, Secret."),
  "bound-object-name": textFlag("The name of that object."),
  "bound-object-uid": textFlag("The uid of that object."),
  duration: durationFlag("How long the token shall be good."),
};

const boundKinds = ["Node", "Pod", "Secret"];

/** Asks for a service account's token. */
export const token: Verb<typeof flags> = {
  path: ["create", "token"],
  usage: "create token SERVICE_ACCOUNT_NAME [options]",
  short: "Request a service account token",
  examples: [
    "kubectl create token myapp",
    "kubectl create token myapp --namespace myns",
    "kubectl create token myapp --duration 10m",
  ],
  flags,
  complete: objectName("serviceaccounts"),
  check({ args, dash, flags: values }) {
    const { duration, "bound-object-kind": kind, "bound-object-name": name, "bound-object-uid": uid } = values;
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    if (duration < 0) return "--duration must be greater than or equal to 0";
    if (duration % SECOND !== 0) return "--duration cannot be expressed in units less than seconds";
    if (kind === "") {
      if (name !== "") return "--bound-object-name can only be set if --bound-object-kind is provided";
      return uid !== "" ? "--bound-object-uid can only be set if --bound-object-kind is provided" : undefined;
    }
    if (!boundKinds.includes(kind)) return `supported --bound-object-kind values are ${boundKinds.join(", ")}`;
    return name === "" ? "--bound-object-name is required if --bound-object-kind is provided" : undefined;
  },
  *run(context, { args: [name = ""], flags: values }) {
    const { audience, duration, "bound-object-kind": kind, "bound-object-uid": uid } = values;
    const bound = { kind, apiVersion: "v1", name: values["bound-object-name"], uid: uid === "" ? undefined : uid };
    const body: JsonObject = {
      kind: "TokenRequest",
      apiVersion: "authentication.k8s.io/v1",
      spec: {
        ...(audience.length > 0 ? { audiences: audience } : {}),
        ...(duration > 0 ? { expirationSeconds: duration / SECOND } : {}),
        ...(kind === "" ? {} : { boundObjectRef: bound }),
      },
    };
    if (name.includes("/"))
      throw new CommandFault(
        `failed to create token: invalid resource name ${JSON.stringify(name)}: [may not contain '/']`,
      );
    const path = `/api/v1/namespaces/${urlEscaped(context.namespace)}/serviceaccounts/${urlEscaped(name)}/token`;
    let answer: JsonObject;
    try {
      answer = yield* context.client.object({ method: "POST", path, body, contentType: "application/json" });
    } catch (fault) {
      if (!(fault instanceof Status)) throw fault;
      throw new CommandFault(`failed to create token: ${fault.message}`);
    }
    const text = (answer.status as JsonObject | undefined)?.token;
    if (!text) throw new CommandFault("failed to create token: no token in server response");
    // A line's end is for people only (create_token.go, 1.33).
    const end = context.proc.isTerminal(1) ? "\n" : "";
    if (values.output === "" && values.template === "") context.out.write(`${text}${end}`);
    else objectPrinter(context, printOptions(values)).print(typedObject(answer), true);
  },
};
