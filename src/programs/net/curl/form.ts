import { hexOf } from "../../../cluster/network/links/addresses.ts";
import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { readFile } from "../read-file.ts";
import { CurlFault, type Settings } from "./define.ts";
import { CurlMisuse } from "./options.ts";

/** A body of parts, and what parts them. */
export interface Form {
  readonly body: string;
  readonly boundary: string;
}

/** The type of a file by its name (lib/mime.c, 7.88). */
const types: Readonly<Record<string, string>> = {
  gif: "image/gif",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  htm: "text/html",
  html: "text/html",
  pdf: "application/pdf",
  xml: "application/xml",
};

/** What the options -F make; undefined where none was given. */
export function* formOf(proc: Process, settings: Settings): Task<Form | undefined> {
  const options = settings.all("form", "form-string");
  if (options.length === 0) return undefined;
  const digits = hexOf(`${proc.pid} ${proc.machine.kernel.clock.now} ${options.join()}`).slice(0, 16);
  const boundary = `${"-".repeat(24)}${digits}`;
  let body = "";
  for (const [option, value] of options)
    body += `--${boundary}\r\n${yield* part(proc, value, option === "form-string")}\r\n`;
  return { body: `${body}--${boundary}--\r\n`, boundary };
}

function* part(proc: Process, option: string, plain: boolean): Task<string> {
  const found = /^([^=]+)=(.*)$/s.exec(option);
  if (!found) throw new CurlMisuse("option -F: is badly used here");
  const [, name = "", value = ""] = found;
  const disposition = `Content-Disposition: form-data; name="${name}"`;
  if (plain || !/^[@<]/.test(value)) {
    const [text = "", ...more] = plain ? [value] : value.split(/;(?=type=)/);
    const type = more.find((one) => one.startsWith("type="))?.slice(5);
    return `${disposition}\r\n${type ? `Content-Type: ${type}\r\n` : ""}\r\n${text}`;
  }
  const [file = "", ...more] = value.slice(1).split(";");
  const said = (key: string) => more.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1);
  const text = file === "-" ? yield* proc.readAll() : yield* readFile(proc, file);
  if (text === undefined) throw new CurlFault(26, "Failed to open/read local data from file/application");
  const type = said("type");
  if (value.startsWith("<")) return `${disposition}\r\n${type ? `Content-Type: ${type}\r\n` : ""}\r\n${text}`;
  const shown = said("filename") ?? file.replace(/^.*\//s, "");
  const guessed = types[/\.(\w+)$/.exec(shown)?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream";
  return `${disposition}; filename="${shown}"\r\nContent-Type: ${type ?? guessed}\r\n\r\n${text}`;
}

/** What curl says of options that ask for several methods at once. */
export function methodClash(settings: Settings): string | undefined {
  if (settings.all("form", "form-string").length === 0) return undefined;
  const other = settings.value("upload-file")
    ? "PUT (-T, --upload-file)"
    : settings.all("data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json").length > 0
      ? "POST (-d, --data)"
      : undefined;
  if (other === undefined) return undefined;
  return `You can only select one HTTP request method! You asked for both ${other} and multipart formpost (-F, --form).`;
}
