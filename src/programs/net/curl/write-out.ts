/** What --write-out can tell of a transfer. */
export interface Report {
  readonly values: Readonly<Record<string, string | number>>;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The texts that a --write-out format makes (src/tool_writeout.c, 7.88). */
export function writeOut(format: string, { values, headers }: Report): { readonly out: string; readonly err: string } {
  const texts = { out: "", err: "" };
  let to: "out" | "err" = "out";
  const pattern = /%%|%header\{([^}]*)\}|%\{([^}]*)\}|\\[nrt]|\\?./gs;
  for (const [piece, header, name] of format.matchAll(pattern)) {
    if (piece === "%%") texts[to] += "%";
    else if (header !== undefined)
      texts[to] += headers.find(([one]) => one.toLowerCase() === header.toLowerCase())?.[1] ?? "";
    else if (name === "stderr" || name === "stdout") to = name === "stderr" ? "err" : "out";
    else if (name === "onerror") {
      if (values.exitcode === 0) break;
    } else if (name === "header_json") texts[to] += headerJson(headers);
    else if (name !== undefined) {
      const value = values[name];
      if (name === "json" || name === "certs") texts.err += `curl: %{${name}} is not simulated\n`;
      else if (value === undefined) texts.err += `curl: unknown --write-out variable: '${name}'\n`;
      else texts[to] += String(value);
    } else texts[to] += { "\\n": "\n", "\\r": "\r", "\\t": "\t" }[piece] ?? piece;
  }
  return texts;
}

function headerJson(headers: Report["headers"]): string {
  const lines = headers.map(([name, value]) => `${JSON.stringify(name.toLowerCase())}:[${JSON.stringify(value)}]`);
  return `{${lines.join(",\n")}\n}`;
}
