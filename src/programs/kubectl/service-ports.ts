import { CommandFault } from "./faults.ts";

/** A port of a generated Service. */
export interface GeneratedPort {
  readonly name?: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort: number | string;
}

/** 80, 80:8080, 80:http as a port of a Service (create_service.go parsePorts, 1.33). */
export function servicePort(text: string): GeneratedPort {
  const parts = text.split(":");
  const [first = "", second] = parts;
  const port = portNumber(first);
  return {
    name: parts.join("-"),
    protocol: "TCP",
    port,
    targetPort: second === undefined ? port : targetPort(second),
  };
}

/** A port's number as Go's strconv.ParseUint reads it. */
export function portNumber(text: string): number {
  const wrong = (why: string) => new CommandFault(`strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^\d+$/.test(text)) throw wrong("invalid syntax");
  if (BigInt(text) > 65_535n) throw wrong("value out of range");
  return Number(text);
}

function targetPort(text: string): number | string {
  if (/^[+-]?\d+$/.test(text)) {
    const number = Number(text);
    if (number < 1 || number > 65_535) throw new CommandFault("must be between 1 and 65535, inclusive");
    return number;
  }
  const problems = portNameProblems(text);
  if (problems.length > 0) throw new CommandFault(problems.join(","));
  return text;
}

/** What is wrong with the name of a port (validation.IsValidPortName, 1.33). */
function portNameProblems(name: string): readonly string[] {
  const problems: string[] = [];
  if (name.length > 15) problems.push("must be no more than 15 characters");
  if (!/^[-a-z0-9]+$/.test(name))
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(name)) problems.push("must contain at least one letter (a-z)");
  if (name.includes("--")) problems.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
}
