/**
 * Which pull policy an image gets: Always for the tag latest, said or meant (core/v1 SetDefaults_Container, 1.35). A
 * name that is no image name counts as having no tag at all.
 */
export function pullPolicyOf(image: string): "Always" | "IfNotPresent" {
  const digest = image.indexOf("@");
  const named = digest < 0 ? image : image.slice(0, digest);
  const slash = named.lastIndexOf("/");
  const colon = named.indexOf(":", slash + 1);
  if (colon >= 0)
    return named.slice(colon + 1) === "latest" && isPath(named.slice(0, colon)) ? "Always" : "IfNotPresent";
  return digest < 0 && isPath(named) ? "Always" : "IfNotPresent";
}

/** A repository's path is written in small letters; a registry before it may be written otherwise. */
function isPath(name: string): boolean {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const path = /[.:]|^localhost$|[A-Z]/.test(first) ? name.slice(slash + 1) : name;
  return path !== "" && !/[A-Z]/.test(path);
}
