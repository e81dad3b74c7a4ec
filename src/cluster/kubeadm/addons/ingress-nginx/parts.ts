const component = { controller: "controller", admission: "admission-webhook" } as const;
/** The part of ingress-nginx that an object belongs to. */
export type Part = keyof typeof component | undefined;

/** The labels of an object, indented as they stand in it. */
export function labels(part: Part, indent = 2): string {
  const lines = [
    ...(part ? [`app.kubernetes.io/component: ${component[part]}`] : []),
    "app.kubernetes.io/instance: ingress-nginx",
    "app.kubernetes.io/name: ingress-nginx",
    "app.kubernetes.io/part-of: ingress-nginx",
    "app.kubernetes.io/version: 1.13.2",
  ];
  const margin = " ".repeat(indent);
  return `${margin}labels:\n${lines.map((line) => `${margin}  ${line}\n`).join("")}`;
}

interface Head {
  readonly api: string;
  readonly kind: string;
  readonly name: string;
  readonly part: Part;
  readonly namespaced?: boolean;
  /** Fields that stand before `kind`. */
  readonly before?: string;
}

/** How an object of the manifest begins. */
export function head({ api, kind, name, part, namespaced = true, before = "" }: Head): string {
  const namespace = namespaced ? "  namespace: ingress-nginx\n" : "";
  return `---\napiVersion: ${api}\n${before}kind: ${kind}\nmetadata:\n${labels(part)}  name: ${name}\n${namespace}`;
}
