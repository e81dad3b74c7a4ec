import type { Json, JsonObject } from "../../../../base/json.ts";
import { isList, isObject } from "../../../../base/json-object.ts";
import type { Context } from "../../context.ts";
import type { Input, Verb } from "../../define.ts";
import { HelpFault } from "../../faults.ts";
import { boolFlag, csvFlag, listFlag, textFlag } from "../../flag-types.ts";
import type { Entry } from "../../kubeconfig/define.ts";
import { changedFields, editConfig, fileForEntry, objectAt, writeEntry } from "../../kubeconfig/edit.ts";

const flags = {
  "auth-provider": textFlag("The authentication provider of the user."),
  "auth-provider-arg": listFlag("A setting of the provider, key=value; key- removes it."),
  "client-certificate": textFlag("File with the client certificate."),
  "client-key": textFlag("File with the client key."),
  "embed-certs": boolFlag("Write certificate and key themselves into the kubeconfig."),
  "exec-api-version": textFlag("API version of the credential plugin."),
  "exec-arg": csvFlag("An argument of the plugin's command."),
  "exec-command": textFlag("The command of the credential plugin."),
  "exec-env": listFlag("A variable of the plugin's environment, key=value; key- removes it."),
  "exec-interactive-mode": textFlag("When the plugin may ask the user."),
  "exec-provide-cluster-info": boolFlag("Tell the plugin about the cluster."),
  password: textFlag("The password of the user."),
  token: textFlag("The bearer token of the user."),
  username: textFlag("The name for basic authentication."),
};

const interactiveModes = ["IfAvailable", "Never", "Always"];

type Credentials = Input<typeof flags>;
type Changes = Record<string, Json | undefined>;

export const setCredentials: Verb<typeof flags> = {
  path: ["config", "set-credentials"],
  usage:
    "config set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value] [options]",
  short: "Set a user entry in kubeconfig",
  long: "Set a user entry in kubeconfig. What is not named stays as it is. A token and a password exclude each other.",
  examples: [
    "kubectl config set-credentials bob --client-certificate=bob.crt --client-key=bob.key",
    "kubectl config set-credentials bob --client-certificate=bob.crt --client-key=bob.key --embed-certs",
    "kubectl config set-credentials bot --token=abc",
  ],
  flags,
  config: "none",
  check: ({ flags: values, args }) => {
    if (args.length !== 1) return new HelpFault(`unexpected args: [${args.join(" ")}]`);
    const bad = values["exec-env"].find((pair) => !pair.includes("=") && !pair.endsWith("-"));
    if (bad !== undefined) return new HelpFault(`invalid exec-env format: ${bad}`);
    const badArg = values["auth-provider-arg"].find((pair) => !pair.includes("=") && !pair.endsWith("-"));
    if (badArg !== undefined) return new HelpFault(`invalid auth-provider-arg format: ${badArg}`);
    if (args[0] === "") return "you must specify a non-empty user name";
    const mode = values["exec-interactive-mode"];
    if (mode !== "" && !interactiveModes.includes(mode))
      return `invalid interactive mode type, can be only ${interactiveModes.join(", ")}`;
    const methods = [
      ...(values.token === "" ? [] : ["--token"]),
      ...(values.username === "" && values.password === "" ? [] : ["--username/--password"]),
    ];
    if (methods.length > 1)
      return `you cannot specify more than one authentication method at the same time: ${methods.join(", ")}`;
    const files = values["client-certificate"] !== "" || values["client-key"] !== "";
    if (values["embed-certs"] && !files) return "you must specify a --client-certificate or --client-key to embed";
    return undefined;
  },
  *run(context, input) {
    const [name = ""] = input.args;
    const editing = editConfig(context);
    const entry = editing.config.users.get(name);
    const changes: Changes = { ...certificates(context, input), ...secrets(input) };
    if (input.given.has("auth-provider") || input.given.has("auth-provider-arg"))
      changes["auth-provider"] = authProvider(input, entry);
    changes.exec = execPlugin(input, entry);
    writeEntry(context, editing, "users", name, changedFields(entry, changes));
    context.out.line(`User "${name}" set.`);
  },
};

function certificates(context: Context, { flags: values, given }: Credentials): Changes {
  const embed = values["embed-certs"];
  const changes: Changes = {};
  for (const field of ["client-certificate", "client-key"] as const) {
    if (!given.has(field)) continue;
    const path = values[field];
    const text = path === "" ? "" : fileForEntry(context, path, field, embed);
    changes[field] = embed ? undefined : text;
    changes[`${field}-data`] = embed ? text : undefined;
  }
  return changes;
}

/** A token replaces a password, and the other way round. */
function secrets({ flags: values, given }: Credentials): Changes {
  const changes: Changes = {};
  if (given.has("token")) {
    changes.token = values.token;
    if (values.token !== "") changes.tokenFile = changes.username = changes.password = undefined;
  }
  if (given.has("username")) changes.username = values.username;
  if (given.has("password")) changes.password = values.password;
  if (values.username !== "" || values.password !== "") changes.token = changes.tokenFile = undefined;
  return changes;
}

function authProvider({ flags: values, given }: Credentials, entry: Entry | undefined): Json | undefined {
  const before = objectAt(entry, "auth-provider");
  const name = given.has("auth-provider") ? values["auth-provider"] : String(before.name ?? "");
  if (name === "") return undefined;
  const config: Record<string, Json> = { ...(before.config as JsonObject | undefined as Record<string, Json>) };
  for (const pair of values["auth-provider-arg"]) {
    const at = pair.indexOf("=");
    if (at < 0) delete config[pair.slice(0, -1)];
    else config[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return { config, name };
}

/** A new command begins without arguments (create_authinfo.go, 1.33). */
function execPlugin({ flags: values, given }: Credentials, entry: Entry | undefined): Json | undefined {
  const before = objectAt(entry, "exec");
  const had = isObject(entry?.fields.exec);
  if (!given.has("exec-command") && !had) return undefined;
  const command = given.has("exec-command") ? values["exec-command"] : String(before.command ?? "");
  const env = new Map(((isList(before.env) ? before.env : []) as JsonObject[]).map((one) => [one.name, one.value]));
  for (const pair of values["exec-env"]) {
    const at = pair.indexOf("=");
    if (at < 0) env.delete(pair.slice(0, -1));
    else env.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const version = values["exec-api-version"] || String(before.apiVersion ?? "");
  const mode = values["exec-interactive-mode"] || String(before.interactiveMode ?? "");
  return {
    ...(version === "" ? {} : { apiVersion: version }),
    args: given.has("exec-arg") ? values["exec-arg"] : given.has("exec-command") ? null : (before.args ?? null),
    command,
    env: env.size > 0 ? [...env].map(([name, value]) => ({ name, value })) : null,
    ...(mode === "" ? {} : { interactiveMode: mode }),
    provideClusterInfo: given.has("exec-provide-cluster-info")
      ? values["exec-provide-cluster-info"]
      : (before.provideClusterInfo ?? false),
  } as JsonObject;
}
