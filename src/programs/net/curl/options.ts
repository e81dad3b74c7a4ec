/** A wrong command line of curl: what is said of it, and curl's status. */
export class CurlMisuse extends Error {
  readonly status: number;

  constructor(message: string, status = 2) {
    super(message);
    this.status = status;
  }
}

/** Options by their letter and name; = where a value follows. Those after "not" are curl's own, and not simulated. */
const declared = `s,silent S,show-error k,insecure v,verbose i,include I,head f,fail fail-with-body L,location g,globoff
  G,get O,remote-name N,no-buffer 4,ipv4 6,ipv6 compressed http1.1 0,http1.0 http2 http2-prior-knowledge
  no-progress-meter #,progress-bar retry-connrefused retry-all-errors V,version h,help q,disable raw remote-name-all
  tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 no-keepalive basic http0.9 fail-early location-trusted path-as-is create-dirs
  o,output= w,write-out= X,request= d,data= data-ascii= data-raw= data-binary= data-urlencode= json= H,header= u,user=
  A,user-agent= e,referer= m,max-time= connect-timeout= retry= retry-delay= retry-max-time= resolve= cacert= E,cert=
  key= T,upload-file= unix-socket= url= r,range= b,cookie= D,dump-header= max-redirs= oauth2-bearer= noproxy= stderr=
  output-dir= keepalive-time= speed-time= y,= Y,speed-limit= ciphers= capath= tls-max=
  F,form= form-string= c,cookie-jar= connect-to=
  not x,proxy= K,config= n,netrc J,remote-header-name Z,parallel C,continue-at=
  interface= limit-rate= anyauth digest ntlm negotiate next t,telnet-option= Q,quote= z,time-cond= trace= trace-ascii=
  cert-type= key-type= pass= p,proxytunnel R,remote-time a,append l,list-only j,junk-session-cookies socks5= doh-url=
  cert-status crlfile= dns-servers= haproxy-protocol local-port= max-filesize= netrc-file= post301 post302 post303`;

interface Option {
  readonly name: string;
  readonly value: boolean;
  readonly simulated: boolean;
}

const byLetter = new Map<string, Option>();
const byName = new Map<string, Option>();

function declare(): void {
  let simulated = true;
  for (const item of declared.split(/\s+/)) {
    if (item === "not") {
      simulated = false;
      continue;
    }
    const value = item.endsWith("=");
    const names = (value ? item.slice(0, -1) : item).split(",");
    const option = { name: names.findLast((name) => name !== "") ?? "", value, simulated };
    for (const name of names) (name.length === 1 ? byLetter : byName).set(name, option);
  }
}

/** A command line of curl as it was read. */
export interface CurlLine {
  /** Every option in its order, by its long name. */
  readonly given: readonly (readonly [name: string, value: string])[];
  readonly urls: readonly string[];
}

/** Reads a command line as curl 7.88 does (src/tool_getparam.c). Throws CurlMisuse. */
export function readLine(argv: readonly string[]): CurlLine {
  if (byLetter.size === 0) declare();
  const given: [string, string][] = [];
  const urls: string[] = [];
  let words = false;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (words || !word.startsWith("-") || word === "-") urls.push(word);
    else if (word === "--") words = true;
    else if (word.startsWith("--")) i += long(word, argv[i + 1], given);
    else i += short(word, argv[i + 1], given);
  }
  urls.unshift(...given.filter(([name]) => name === "url").map(([, value]) => value));
  return { given, urls };
}

/** How many words after this one were used up. */
function long(word: string, next: string | undefined, given: [string, string][]): number {
  const name = word.slice(2);
  const no = name.startsWith("no-") && !byName.has(name) ? byName.get(name.slice(3)) : undefined;
  if (no && !no.value) {
    given.push([`no ${no.name}`, ""]);
    return 0;
  }
  const fits = [...byName].filter(([one]) => one.startsWith(name)).map(([, option]) => option);
  const option = byName.get(name) ?? (new Set(fits).size === 1 ? fits[0] : undefined);
  if (!option) throw new CurlMisuse(`option ${word}: is ${fits.length > 1 ? "ambiguous" : "unknown"}`);
  return take(option, word, next, given);
}

function short(word: string, next: string | undefined, given: [string, string][]): number {
  for (let i = 1; i < word.length; i++) {
    const option = byLetter.get(word[i] ?? "");
    if (!option) throw new CurlMisuse(`option ${word}: is unknown`);
    if (!option.value) {
      take(option, word, undefined, given);
      continue;
    }
    const rest = word.slice(i + 1);
    return rest === "" ? take(option, word, next, given) : take(option, word, rest, given) - 1;
  }
  return 0;
}

const numeric = new Set(["max-time", "connect-timeout", "retry", "retry-delay", "retry-max-time", "max-redirs"]);

function take(option: Option, word: string, value: string | undefined, given: [string, string][]): number {
  if (!option.simulated) throw new CurlMisuse(`option ${word}: is not simulated`);
  if (!option.value) {
    given.push([option.name, ""]);
    return 0;
  }
  if (value === undefined) throw new CurlMisuse(`option ${word}: requires parameter`);
  if (numeric.has(option.name) && !/^-?\d+(\.\d*)?$/.test(value))
    throw new CurlMisuse(`option ${word}: expected a proper numerical parameter`);
  given.push([option.name, value]);
  return 1;
}
