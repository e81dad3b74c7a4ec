/**
 * Whether a selector in Calico's own language means a node with these labels: all(), has(x), x == 'a', x != 'a', joined
 * by && and ||, turned round by !. What cannot be read means nobody.
 */
export function selectsNode(selector: string, labels: Readonly<Record<string, string>>): boolean {
  return selector.split("||").some((any) => any.split("&&").every((one) => meets(one.trim(), labels)));
}

function meets(term: string, labels: Readonly<Record<string, string>>): boolean {
  if (term === "" || term === "all()") return true;
  const [, not, key] = /^(!?)\s*has\(\s*([\w./-]+)\s*\)$/.exec(term) ?? [];
  if (key !== undefined) return (labels[key] !== undefined) !== (not === "!");
  const [, name = "", operator, , value] = /^([\w./-]+)\s*(==|!=)\s*(["'])(.*)\3$/.exec(term) ?? [];
  if (operator === "==") return labels[name] === value;
  return operator === "!=" && labels[name] !== value;
}
