import type { HttpResponse } from "../../../base/http.ts";
import { reasons } from "../../../base/http-bytes.ts";
import { byteLength } from "../../../base/text-bytes.ts";
import { httpDate } from "../../../base/time.ts";
import type { Process } from "../../../machine/process.ts";

/** nginx' own words for some statuses (src/http/ngx_http_special_response.c, 1.27). */
const named: Readonly<Record<number, string>> = {
  301: "Moved Permanently",
  302: "Found",
  308: "Permanent Redirect",
  401: "Authorization Required",
  405: "Not Allowed",
  413: "Request Entity Too Large",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};

/** A page of nginx' own, signed with its version where server_tokens asks for that. */
export function nginxPage(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  signature = "nginx",
): HttpResponse {
  const words = `${status} ${named[status] ?? reasons[status] ?? ""}`.trim();
  return { status, headers: { "content-type": "text/html", ...headers }, body: html(words, words, signature) };
}

/** What a port with TLS says to a client that speaks plainly. */
export function plainOnTls({ machine }: Process, server = ""): HttpResponse {
  const words = "The plain HTTP request was sent to HTTPS port";
  const body = html(`400 ${words}`, `400 Bad Request</h1></center>\r\n<center>${words}`, server || "nginx", "");
  const date = httpDate(machine.kernel.clock.now);
  const length = String(byteLength(body));
  const headers = { server, date, "content-type": "text/html", "content-length": length, connection: "close" };
  return { status: 400, headers, body };
}

function html(title: string, words: string, signature: string, end = "</h1>"): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${words}${end}</center>\r\n<hr><center>${signature}</center>\r\n</body>\r\n</html>\r\n`;
}
