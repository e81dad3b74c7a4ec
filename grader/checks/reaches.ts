import { connectFrom, parseTarget } from "../connect.ts";
import type { Check } from "../define.ts";
import { count, flag, may, must, text } from "../yaml/fields.ts";

const fields = {
  reaches: must(text),
  from: must(text),
  namespace: may(text),
  status: may(count),
  body: may(text),
  not: may(flag),
};

/** A host or pod gets an answer from an address, or (not: true) gets none: `reaches: http://web:80, from: pod/client`. */
export const reaches: Check<typeof fields> = {
  name: "reaches",
  fields,
  problem({ reaches, status, body, not }) {
    const target = parseTarget(reaches);
    if (!target) return `${reaches} is no address like http://web/path or web:80`;
    if (!target.http && (status !== undefined || body !== undefined)) return "status and body need an http:// address";
    return not && (status !== undefined || body !== undefined) ? "not goes with neither status nor body" : undefined;
  },
  examine(view, values) {
    const machine = view.machine(values.from, values.namespace ?? "default");
    const reached = connectFrom(machine, values.reaches);
    const what = `${values.reaches} from ${values.from}`;
    if (values.not) return "failed" in reached ? undefined : `${what} is answered, expected no connection`;
    if ("failed" in reached) return `${what}: ${reached.failed}`;
    if ("open" in reached) return undefined;
    const status = values.status ?? 200;
    if (reached.status !== status) return `${what} is answered with status ${reached.status}, expected ${status}`;
    if (values.body === undefined || reached.body.includes(values.body)) return undefined;
    return `${what} does not answer ${JSON.stringify(values.body)}`;
  },
};
