import type { FieldInfo, TypeInfo } from "../../../schema/define.ts";

const PREFIX = "io.k8s.apiserver.pkg.apis.apiserver.v1.";

/** The types of an EncryptionConfiguration: name and Go type of their fields (apiserver pkg/apis/apiserver/v1, 1.35). */
const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EncryptionConfiguration: { apiVersion: "string", kind: "string", resources: "[]ResourceConfiguration" },
  ResourceConfiguration: { resources: "[]string", providers: "[]ProviderConfiguration" },
  ProviderConfiguration: {
    aesgcm: "AESConfiguration",
    aescbc: "AESConfiguration",
    secretbox: "SecretboxConfiguration",
    identity: "IdentityConfiguration",
    kms: "KMSConfiguration",
  },
  AESConfiguration: { keys: "[]Key" },
  SecretboxConfiguration: { keys: "[]Key" },
  IdentityConfiguration: {},
  KMSConfiguration: {
    apiVersion: "string",
    name: "string",
    cachesize: "int32",
    endpoint: "string",
    timeout: "duration",
  },
  Key: { name: "string", secret: "string" },
};

/** The configuration's type, so that strict decoding can say what does not fit. */
export const encryptionConfiguration: TypeInfo = typeNamed("EncryptionConfiguration");

function typeNamed(name: string): TypeInfo {
  const fields = Object.entries(shapes[name] ?? {}).map(([field, type]) => [field, fieldOf(field, type)] as const);
  return {
    name: `${PREFIX}${name}`,
    isKind: name === "EncryptionConfiguration",
    group: "apiserver.config.k8s.io",
    version: "v1",
    fields: new Map(fields),
    messages: new Map(),
  };
}

function fieldOf(name: string, type: string): FieldInfo {
  const common = { name, required: false, pointer: false, always: false, omitZero: false };
  if (type.startsWith("[]")) {
    const items = fieldOf("", type.slice(2));
    return { ...common, type: "array", items, goType: `[]${items.goType}` };
  }
  if (type === "string") return { ...common, type: "string", goType: type };
  if (type === "int32") return { ...common, type: "integer", format: "int32", goType: type };
  if (type === "duration") return { ...common, type: "duration", goType: "v1.Duration" };
  return { ...common, type: "ref", inner: typeNamed(type), goType: `v1.${type}` };
}
