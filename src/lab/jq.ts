import type { JqAnswer } from "../base/ports.ts";

/** Runs jq once. jq-wasm gives either what was printed or, as an error, what was complained of. */
export async function runJq(flags: readonly string[], filter: string, input: string): Promise<JqAnswer> {
  const { raw } = await import("jq-wasm");
  const joined = flags.includes("--join-output") || flags.includes("--raw-output0");
  try {
    const stdout = await raw(input, filter, [...flags]);
    return { stdout: stdout === "" || joined ? stdout : `${stdout}\n`, stderr: "", status: 0 };
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).replace(/^Failed to execute raw query: /, "");
    // The real one reads a pipe and says so.
    const stderr = `${said.replaceAll("(at /dev/stdin:", "(at <stdin>:")}\n`;
    return { stdout: "", stderr, status: said.includes("compile error") ? 3 : 5 };
  }
}
