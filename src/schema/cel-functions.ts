import { type CelType, celTypeName } from "./cel-types.ts";

/** How a function can be called: the receiver (undefined for a global one), its arguments, what comes back. */
interface Overload {
  readonly receiver: string | undefined;
  readonly args: readonly string[];
  readonly result: string;
}

/** The functions of CEL and of Kubernetes' library (apiserver pkg/cel/environment, 1.35): name, then calls. `?` is an argument of any type. */
const table = `
size (string)int (bytes)int (list)int (map)int string.()int bytes.()int list.()int map.()int
int (?)int
uint (?)uint
double (?)double
string (?)string
bytes (string)bytes (bytes)bytes
bool (bool)bool (string)bool
dyn (?)dyn
type (?)type
duration (string)duration (duration)duration (int)duration
timestamp (string)timestamp (timestamp)timestamp (int)timestamp
startsWith string.(string)bool
endsWith string.(string)bool
contains string.(string)bool
matches string.(string)bool (string,string)bool
find string.(string)string
findAll string.(string)list:string string.(string,int)list:string
lowerAscii string.()string
upperAscii string.()string
trim string.()string
split string.(string)list:string string.(string,int)list:string
replace string.(string,string)string string.(string,string,int)string
substring string.(int)string string.(int,int)string
indexOf string.(string)int string.(string,int)int list.(?)int
lastIndexOf string.(string)int string.(string,int)int list.(?)int
format string.(list)string
join list.()string list.(string)string
sum list.()dyn
min list.()dyn
max list.()dyn
isSorted list.()bool
quantity (string)quantity
isQuantity (string)bool
isGreaterThan quantity.(quantity)bool
isLessThan quantity.(quantity)bool
compareTo quantity.(quantity)int
add quantity.(quantity)quantity quantity.(int)quantity
sub quantity.(quantity)quantity quantity.(int)quantity
sign quantity.()int
isInteger quantity.()bool
asInteger quantity.()int
asApproximateFloat quantity.()double
orValue optional.(?)dyn
hasValue optional.()bool
value optional.()dyn
path Authorizer.(string)PathCheck
group Authorizer.(string)GroupCheck
serviceAccount Authorizer.(string,string)Authorizer
resource GroupCheck.(string)ResourceCheck
subresource ResourceCheck.(string)ResourceCheck
namespace ResourceCheck.(string)ResourceCheck
name ResourceCheck.(string)ResourceCheck
check PathCheck.(string)Decision ResourceCheck.(string)Decision
allowed Decision.()bool
errored Decision.()bool
error Decision.()string
reason Decision.()string
getFullYear timestamp.()int timestamp.(string)int
getMonth timestamp.()int timestamp.(string)int
getDate timestamp.()int timestamp.(string)int
getDayOfMonth timestamp.()int timestamp.(string)int
getDayOfWeek timestamp.()int timestamp.(string)int
getDayOfYear timestamp.()int timestamp.(string)int
getHours timestamp.()int timestamp.(string)int duration.()int
getMinutes timestamp.()int timestamp.(string)int duration.()int
getSeconds timestamp.()int timestamp.(string)int duration.()int
getMilliseconds timestamp.()int timestamp.(string)int duration.()int`;

/** What Kubernetes' library has and this one has not. */
const missing = new Set(
  `isURL url getScheme getHost getHostname getPort getEscapedPath getQuery isIP ip isCIDR cidr containsIP containsCIDR
  family isCanonical masked prefixLength isSemver semver major minor patch named validate charAt quote reverse equivalent
  intersects greatest least transformList transformMap transformMapEntry flatten slice sort distinct fieldSelector labelSelector
  first last encode decode`.split(/\s+/),
);

const functions = new Map(
  table
    .trim()
    .split("\n")
    .map((line) => {
      const [name = "", ...calls] = line.split(" ");
      return [name, calls.map(readCall)] as const;
    }),
);

function readCall(text: string): Overload {
  const [, receiver, args = "", result = ""] = /^(?:(\w+)\.)?\(([^)]*)\)(.+)$/.exec(text) ?? [];
  return { receiver, args: args === "" ? [] : args.split(","), result };
}

type CelCall = { readonly type: CelType } | "unknown" | "mismatch" | "not simulated";

/** The type of a call; "unknown" where there is no such function, "mismatch" where it does not take these. */
export function celCall(name: string, receiver: CelType | undefined, args: readonly CelType[]): CelCall {
  const overloads = functions.get(name);
  if (!overloads) return missing.has(name) ? "not simulated" : "unknown";
  const fitting = overloads.filter(
    (one) =>
      (one.receiver === undefined) === (receiver === undefined) &&
      (one.receiver === undefined || fits(receiver ?? "dyn", one.receiver)) &&
      one.args.length === args.length &&
      one.args.every((wanted, i) => fits(args[i] ?? "dyn", wanted)),
  );
  const [first, ...rest] = fitting;
  if (!first) return "mismatch";
  return { type: rest.every(({ result }) => result === first.result) ? resultType(first.result) : "dyn" };
}

function resultType(name: string): CelType {
  return name === "list:string" ? { list: "string" } : name;
}

function fits(type: CelType, wanted: string): boolean {
  if (wanted === "?" || type === "dyn" || type === "error") return true;
  if (typeof type === "string") return type === wanted;
  return wanted === ("list" in type ? "list" : "map" in type ? "map" : type.name);
}

/** string.(int), (int, string): what a function was called with. */
export function celCallText(receiver: CelType | undefined, args: readonly CelType[]): string {
  const list = `(${args.map(celTypeName).join(", ")})`;
  return receiver === undefined ? list : `${celTypeName(receiver)}.${list}`;
}
