/** The modes of --authorization-mode in their order; AlwaysAllow where nothing is said (kubernetes pkg/kubeapiserver/options, 1.35). */
export function modesOf(flags: Readonly<Record<string, string | undefined>>): readonly string[] {
  return (flags["authorization-mode"] ?? "AlwaysAllow").split(",").filter((mode) => mode !== "");
}
