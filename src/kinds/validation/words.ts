import { labelKeyProblems, labelValueProblems, subdomainForm, subdomainRule } from "../../base/label-syntax.ts";

/** A rule about a text: what is wrong with it, in the words of apimachinery util/validation and api/validate/content (0.35). */
export type TextRule = (text: string) => readonly string[];

const fine: readonly string[] = [];

interface Form {
  readonly form: RegExp;
  /** What is said of a text that has it not. */
  readonly rule: string;
}

function form(message: string, source: string, ...examples: string[]): Form {
  const shown = examples.map((example) => `'${example}', `).join(" or ");
  const rule = `${message} (${shown ? `e.g. ${shown}` : ""}regex used for validation is '${source}')`;
  return { form: new RegExp(`^(?:${source})$`), rule };
}

const edges = "and must start and end with an alphanumeric character";
const labelSource = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const label = form(
  `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', ${edges}`,
  labelSource,
  "my-name",
  "123-abc",
);
const subdomain: Form = { form: subdomainForm, rule: subdomainRule };
const subdomainWithUnderscore = form(
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', ${edges}`,
  "[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?(\\.[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?)*",
  "example.com",
);
const label1035 = form(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  "[a-z]([-a-z0-9]*[a-z0-9])?",
  "my-name",
  "abc-123",
);
const configKeyForm = form(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  "[-._a-zA-Z0-9]+",
  "key.name",
  "KEY_NAME",
  "key-name",
);
const headerForm = form(
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  "[-A-Za-z0-9]+",
  "X-Header-Name",
);
const percentForm = form(
  "a valid percent string must be a numeric string followed by an ending '%'",
  "[0-9]+%",
  "1%",
  "93%",
);

function characters(limit: number): string {
  return `must be no more than ${limit} characters`;
}

function bounded(text: string, { form, rule }: Form, limit: number): readonly string[] {
  const right = form.test(text);
  if (right && text.length <= limit) return fine;
  return [...(text.length > limit ? [characters(limit)] : []), ...(right ? [] : [rule])];
}

/** A DNS label: containers, volumes, namespaces. */
export function dnsLabel(text: string): readonly string[] {
  if (text.length <= 63 && label.form.test(text)) return fine;
  const long = text.length > 63 ? [characters(63)] : [];
  if (label.form.test(text)) return long;
  return [...long, subdomain.form.test(text) ? "must not contain dots" : label.rule];
}

/** A DNS subdomain: most names. */
export function dnsSubdomain(text: string): readonly string[] {
  return bounded(text, subdomain, 253);
}

const wildcardForm = form(
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  "\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
  "*.example.com",
);

/** A DNS subdomain with any label before it: hosts of ingresses. */
export function wildcardSubdomain(text: string): readonly string[] {
  return bounded(text, wildcardForm, 253);
}

/** A DNS subdomain that may have underscores: search domains of pods. */
export function dnsSubdomainWithUnderscore(text: string): readonly string[] {
  return bounded(text, subdomainWithUnderscore, 253);
}

/** A DNS label of the older kind: services. */
export function dnsLabel1035(text: string): readonly string[] {
  return bounded(text, label1035, 63);
}

/** A name that is a segment of a path: roles, bindings. */
export function pathSegment(text: string): readonly string[] {
  if (text === "." || text === "..") return [`may not be '${text}'`];
  const bad = ["/", "%"].filter((mark) => text.includes(mark));
  return bad.length === 0 ? fine : bad.map((mark) => `may not contain '${mark}'`);
}

/** A key of labels and annotations, and other names of the form prefix/name. */
export const labelKey: TextRule = labelKeyProblems;

/** The value of a label. */
export const labelValue: TextRule = labelValueProblems;

/** A key of a ConfigMap or Secret. */
export function configKey(text: string): readonly string[] {
  const problems = bounded(text, configKeyForm, 253);
  if (text === ".") return [...problems, "must not be '.'"];
  if (text === "..") return [...problems, "must not be '..'"];
  return text.startsWith("..") ? [...problems, "must not start with '..'"] : problems;
}

/** The name of an environment variable, relaxed as by default since 1.34. */
export function envName(text: string): readonly string[] {
  if (text.length > 0 && /^[ -<>-~]+$/.test(text)) return fine;
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** The name of a port. */
export function portName(text: string): readonly string[] {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && text.length <= 15 && /[a-z]/.test(text)) return fine;
  const problems: string[] = [];
  if (text.length > 15) problems.push(characters(15));
  if (!/^[-a-z0-9]+$/.test(text))
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(text)) problems.push("must contain at least one letter (a-z)");
  if (text.includes("--")) problems.push("must not contain consecutive hyphens");
  if (text.startsWith("-") || text.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
}

/** The name of an HTTP header. */
export function headerName(text: string): readonly string[] {
  return headerForm.form.test(text) ? fine : [headerForm.rule];
}

/** A share in percent. */
export function percent(text: string): readonly string[] {
  return percentForm.form.test(text) ? fine : [percentForm.rule];
}

/** A number of a port. */
export function isPortNumber(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

export const portRange = "must be between 1 and 65535, inclusive";
export const notNegative = "must be greater than or equal to 0";
