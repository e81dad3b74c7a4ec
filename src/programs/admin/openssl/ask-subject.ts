import * as der from "../../../base/x509/der.ts";
import type { Task } from "../../../machine/define.ts";
import { type Call, Fault, notSimulated } from "./define.ts";
import { attribute } from "./names.ts";

/** What Debian's openssl.cnf asks for: the part, the question, what an empty answer means, the most characters. */
const questions: readonly (readonly [type: string, words: string, standard: string, most: number])[] = [
  ["C", "Country Name (2 letter code)", "AU", 2],
  ["ST", "State or Province Name (full name)", "Some-State", 128],
  ["L", "Locality Name (eg, city)", "", 128],
  ["O", "Organization Name (eg, company)", "Internet Widgits Pty Ltd", 64],
  ["OU", "Organizational Unit Name (eg, section)", "", 64],
  ["CN", "Common Name (e.g. server FQDN or YOUR name)", "", 64],
  ["emailAddress", "Email Address", "", 64],
];

const opening = `You are about to be asked to enter information that will be incorporated
into your certificate request.
What you are about to enter is what is called a Distinguished Name or a DN.
There are quite a few fields but you can leave some blank
For some fields there will be a default value,
If you enter '.', the field will be left blank.
-----
`;

/** Asks for the parts of a name on the terminal (or stdin), as `req` does without -subj. Throws Fault. */
export function* askSubject(call: Call): Task<der.Der> {
  const answer = lineReader(call);
  yield* call.proc.write(2, opening);
  const sets: der.Der[] = [];
  for (const [type, words, standard, most] of questions) {
    const text = yield* ask(call, answer, words, standard, most);
    const part = text === "" ? undefined : attribute(type, text);
    if (part) sets.push(der.set(part));
  }
  if (sets.length === 0)
    throw new Fault("Error: No objects specified in config file\nError making certificate request");
  if (!call.has("x509")) {
    yield* call.proc.write(
      2,
      "\nPlease enter the following 'extra' attributes\nto be sent with your certificate request\n",
    );
    const password = yield* ask(call, answer, "A challenge password", "", 20);
    const company = yield* ask(call, answer, "An optional company name", "", 64);
    if (password !== "" || company !== "") throw notSimulated("a request with a challenge password or a company name");
  }
  return der.sequence(...sets);
}

type Answers = () => Task<string | undefined>;

function* ask(call: Call, answer: Answers, words: string, standard: string, most: number): Task<string> {
  for (;;) {
    yield* call.proc.write(2, `${words} [${standard}]:`);
    const text = yield* answer();
    if (text === undefined) throw new Fault("Error making certificate request");
    if (text === ".") return "";
    if (text.length <= most) return text === "" ? standard : text;
    yield* call.say(`String too long, must be at most ${most} bytes long`);
  }
}

/** Gives the lines of stdin, one a call; undefined at the end. */
function lineReader(call: Call): Answers {
  let rest = "";
  return function* () {
    while (!rest.includes("\n")) {
      const more = yield* call.proc.read();
      if (more === undefined) return undefined;
      rest += more;
    }
    const end = rest.indexOf("\n");
    const line = rest.slice(0, end);
    rest = rest.slice(end + 1);
    return line;
  };
}
