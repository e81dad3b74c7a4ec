import { base64Of } from "../../../../../base/base64.ts";
import { toJson } from "../../../../../base/json.ts";
import { bytesOf } from "../../../../../base/text-bytes.ts";
import { dataOf } from "../../../data-sources.ts";
import type { Verb } from "../../../define.ts";
import { csvFlag, textFlag } from "../../../flag-types.ts";
import { appendHashFlag, generatedSecret } from "../../../generate-secret.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../../generator.ts";

const flags = {
  ...generatorFlags,
  "append-hash": appendHashFlag,
  "docker-email": textFlag("The address registered with the registry."),
  "docker-password": textFlag("The password."),
  "docker-server": textFlag("The registry's address.", { initial: "https://index.docker.io/v1/" }),
  "docker-username": textFlag("The user name."),
  "from-file": csvFlag("The registry client's own configuration file, as [.dockerconfigjson=]file."),
};

const KEY = ".dockerconfigjson";

/** Makes a Secret with the login of a registry of images. */
export const dockerRegistry: Verb<typeof flags> = {
  path: ["create", "secret", "docker-registry"],
  usage:
    "create secret docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]",
  short: "Create a secret for use with a Docker registry",
  examples: [
    "kubectl create secret docker-registry my-secret --docker-server=REGISTRY --docker-username=USER --docker-password=PASSWORD",
    "kubectl create secret docker-registry my-secret --from-file=path/to/.docker/config.json",
  ],
  flags,
  config: "whole",
  check({ args, dash, flags: values }) {
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    const missing = ["docker-username", "docker-password", "docker-server"] as const;
    return values["from-file"].length === 0 && missing.some((name) => values[name] === "")
      ? "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required"
      : undefined;
  },
  *run(context, { args: [name = ""], flags: values }) {
    const files = values["from-file"].map((source) => (source.includes("=") ? source : `${KEY}=${source}`));
    const given = { "from-env-file": [], "from-literal": [], "from-file": files };
    const texts =
      files.length === 0
        ? new Map([[KEY, loginText(values)]])
        : dataOf(context, given, {
            badKey: (key, problems) => `"${key}" is not valid key name for a Secret ${problems.join(";")}`,
            doubleKey: (key) => `cannot add key ${key}, another key by that name already exists`,
          });
    const options = { type: "kubernetes.io/dockerconfigjson", appendHash: values["append-hash"] };
    yield* createGenerated(context, values, generatedSecret(context, name, texts, options));
  },
};

interface Login {
  readonly "docker-email": string;
  readonly "docker-password": string;
  readonly "docker-server": string;
  readonly "docker-username": string;
}

function loginText(login: Login): string {
  const { "docker-username": username, "docker-password": password, "docker-email": email } = login;
  const auth = base64Of(bytesOf(`${username}:${password}`));
  const entry = { username, password, email: email === "" ? undefined : email, auth };
  return toJson({ auths: { [login["docker-server"]]: entry } });
}
