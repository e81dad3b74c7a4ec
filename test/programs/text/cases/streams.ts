import type { TextCase } from "../text-case.ts";

const lines = (text: string): TextCase[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((run) => ({ run }));

export const streamCases: readonly TextCase[] = [
  ...lines(String.raw`
cat fruit.txt
cat fruit.txt nonl.txt fruit.txt
cat -n nonl.txt fruit.txt
cat -b pod.yaml
cat -A tabs.txt
cat -E nonl.txt
cat -T tabs.txt
cat -vet tabs.txt
cat nofile
cat fruit.txt nofile nonl.txt
cat dir
cat -Z
cat --foo
cat --show
cat --number=3 x
cat --show-ends nonl.txt
cat -- -n
cat 'a b' "it's"
echo hello world
echo -n hello
echo -e 'a\tb\nc\0101\x41\\'
echo -e 'a\cb'
echo -E 'a\tb'
echo -ne 'x\n'
echo -x y
echo
echo 'a\tb'
printf '%s %s\n' a b c
printf '%d|%5d|%-5d|%05d|%+d|%x|%X|%o|%u\n' 1 2 3 4 5 255 255 8 9
printf '%5.1f|%e|%g|%G\n' 3.14159 1000 1e10 1e-10
printf '%s\n' a b c
printf 'a%%b\n'
printf '%b' 'a\tb\0101\n'
printf '%c%c\n' abc d
printf '%d %d %d\n' "'A" 0x10 010
printf '\x41\101\u00e9\n'
printf 'a\c b'
printf '%d\n' abc 5x
printf '%s'
printf
printf 'no newline' extra
printf '%5s|%-5s|%.2s\n' abc abc abc
printf '%*d|%-*d\n' 5 42 5 42
printf '%z'
printf '%i\n' -5
printf '%s\n' 'a b' "it's"
printf '%q\n' 'a b' plain
printf '%.3d\n' 5
printf '%#x %#o\n' 255 8
printf '%d\n' 99999999999999999999
head fruit.txt
head -n 2 fruit.txt
head -2 fruit.txt
head -n -2 fruit.txt
head -c 5 fruit.txt
head -c -5 fruit.txt
head -n 1 fruit.txt nonl.txt
head -qn 1 fruit.txt nonl.txt
head -vn 1 fruit.txt
head -n 0 fruit.txt
head nofile
head dir
head -n x fruit.txt
head -c 1K fruit.txt
head -n 2 fruit.txt nofile nonl.txt
head -5 nonl.txt
head -n 1 -z nonl.txt
tail -n 2 fruit.txt
tail -2 fruit.txt
tail -n +3 fruit.txt
tail +4 fruit.txt
tail -c 4 fruit.txt
tail -c +10 fruit.txt
tail -n 1 nonl.txt
tail -n 1 fruit.txt nonl.txt
tail -qn 1 fruit.txt nonl.txt
tail -n 0 fruit.txt
tail nofile
tail -n x fruit.txt
tail -n +0 nonl.txt
tail dir
wc fruit.txt
wc -l fruit.txt
wc -w fruit.txt nonl.txt
wc -c nonl.txt
wc -lc fruit.txt
wc -L pods.txt
wc fruit.txt nonl.txt empty.txt
wc nofile fruit.txt
wc dir
wc -m nonl.txt
wc -l nonl.txt
tee out.txt
cut -d: -f1 passwd
cut -d: -f1,7 passwd
cut -d: -f3- passwd
cut -d: -f-2 passwd
cut -d: -f2-3,6 passwd
cut -c1-3 fruit.txt
cut -c 2,4- fruit.txt
cut -b1 fruit.txt
cut -f2 tabs.txt
cut -f1 fruit.txt
cut -s -f1 fruit.txt
cut -d' ' -f2 fruit.txt
cut -d: --complement -f1 passwd
cut -d: -f1,3 --output-delimiter=' -> ' passwd
cut -c1-2,4-5 --output-delimiter=- fruit.txt
cut fruit.txt
cut -f 0 fruit.txt
cut -f 3-1 fruit.txt
cut -f a fruit.txt
cut -d ab -f1 fruit.txt
cut -f1 -c1 fruit.txt
cut -c1 -d: fruit.txt
cut -f
cut -f1 nofile
sort fruit.txt
sort -r fruit.txt
sort -u fruit.txt
sort -n numbers.txt
sort -g numbers.txt
sort -rn numbers.txt
sort numbers.txt
sort -k2 fruit.txt
sort -k2n fruit.txt
sort -k2,2n fruit.txt
sort -k2nr fruit.txt
sort -k1,1 -k2,2nr fruit.txt
sort -k1,1 -u fruit.txt
sort -s -k1,1 fruit.txt
sort -t: -k3n passwd
sort -t: -k3,3nr passwd
sort -t, -k2 csv.txt
sort -t, -k3.2 csv.txt
sort -k1.2,1.3 fruit.txt
sort -c fruit.txt
sort -C fruit.txt
sort -c nonl.txt
sort -o out.txt fruit.txt
sort nofile
sort -k 0 fruit.txt
sort -k x fruit.txt
sort -t ab fruit.txt
sort -c fruit.txt fruit.txt
sort -nV fruit.txt
sort fruit.txt nonl.txt
sort -m nonl.txt fruit.txt
sort --key=2 --numeric-sort fruit.txt
sort --reverse fruit.txt
sort -bk2 pods.txt
sort -k4,4nr pods.txt
sort -k3 pods.txt
uniq dup.txt
uniq nofile
uniq a b c
uniq dir
paste nonl.txt fruit.txt
paste -d, nonl.txt fruit.txt
paste -sd, nonl.txt
paste -s nonl.txt fruit.txt
paste -d ',;' nonl.txt nonl.txt nonl.txt
paste -d '\n' nonl.txt nonl.txt
paste nofile
nl fruit.txt
nl -ba pod.yaml
nl -w3 -s': ' nonl.txt
nl -nrz -w4 nonl.txt
nl -nln nonl.txt
nl -v10 -i5 nonl.txt
nl -b x nonl.txt
rev fruit.txt
rev nonl.txt
rev nofile
tac fruit.txt
tac nonl.txt
tac nofile
tac nonl.txt fruit.txt
fold -w 10 pods.txt
fold -sw 20 pods.txt
fold -10 passwd
fold -w x
comm sorted1.txt sorted2.txt
seq 5
seq 2 5
seq 1 2 10
seq 5 -1 1
seq 0.5 0.5 2
seq -w 8 11
seq -s, 3
seq -f '%03g' 3
seq -f 'web-%g' 2
seq 1 0
seq
seq a
seq 1 0 5
seq 1 2 3 4
seq -w 1 0.5 3
seq -2 1
seq 1000000 1000002
seq -f '%d' 3
cmp fruit.txt fruit.txt
cmp fruit.txt nonl.txt
cmp fruit.txt nofile
cmp nonl.txt empty.txt
cmp -s fruit.txt nonl.txt
cmp -l nonl.txt dir/one.txt
cmp
`),
  { run: "cat", stdin: "in\n" },
  { run: "cat - nonl.txt -", stdin: "in\n" },
  { run: "cat -s", stdin: "a\n\n\n\nb\n" },
  { run: "cat -v", stdin: "a\x01\x7fé\u{dc80}\n" },
  { run: "cat nul.bin", files: { "nul.bin": "a\0\u{dcff}b" } },
  { run: "head -n 2", stdin: "a\nb\nc\n" },
  { run: "tail -n 2", stdin: "a\nb\nc" },
  { run: "wc", stdin: "a b\nc\n" },
  { run: "wc -l", stdin: "a b\nc\n" },
  { run: "wc -m", stdin: "né\n" },
  { run: "wc -c", stdin: "né\n" },
  { run: "wc - fruit.txt", stdin: "a b\nc\n" },
  { run: "wc -L", stdin: "a\tb\nlonger line\n" },
  { run: "tee out.txt", stdin: "data\n", after: ["out.txt"] },
  { run: "tee -a fruit.txt nonl.txt", stdin: "data\n", after: ["fruit.txt", "nonl.txt"] },
  { run: "tee dir", stdin: "x\n" },
  { run: "sort -o fruit.txt fruit.txt", after: ["fruit.txt"] },
  { run: "sort -h", stdin: "1K\n2M\n500\n1.5K\n3G\n0\n" },
  { run: "sort -V", stdin: "v1.10\nv1.9\nv1.2.3\nv1.2\nv1.2-rc1\n" },
  { run: "sort -V", stdin: "a10.txt\na9.txt\na1.tar.gz\na1.txt\n" },
  { run: "sort -M", stdin: "Mar\nJan\nfoo\nDEC\n" },
  { run: "sort -f", stdin: "b\nA\na\nB\n" },
  { run: "sort -fu", stdin: "b\nA\na\nB\n" },
  { run: "sort -d", stdin: "a-b\nab\na c\n" },
  { run: "sort", stdin: "b\nA\na\né\nZ\n_\n" },
  { run: "sort -n", stdin: "a\n1\n-1\n\n 2\n1.5\n" },
  { run: "sort -t, -k2,2 -k1,1r", stdin: "a,1\nb,1\nc,0\n" },
  { run: "sort -k2b,2", stdin: "x  b\ny a\n" },
  { run: "sort -z", stdin: "b\0a\0" },
  { run: "sort -rs -k1,1", stdin: "a 1\na 2\nb 1\n" },
  { run: "sort -nr -k2 -k1", stdin: "a 1\nb 1\nc 2\n" },
  ...["", " -c", " -d", " -u", " -D", " -i", " -ci", " -f1", " -s2", " -w1"].map((option) => ({
    run: `uniq${option}`,
    stdin: "a x\na x\nA x\nb x\nb y\nb y\n",
  })),
  { run: "uniq - out.txt", stdin: "a\na\nb\n", after: ["out.txt"] },
  { run: "paste -sd,", stdin: "a\nb\nc\n" },
  { run: "paste - - -", stdin: "1\n2\n3\n4\n" },
  { run: "paste -d '' - -", stdin: "1\n2\n" },
  { run: "nl", stdin: "a\n\nb\n" },
  { run: "fold -sw 12", stdin: "the quick brown fox jumps\n" },
  ...["", " -12", " -23", " -3", " -1", " --total", " --output-delimiter=,"].map((option) => ({
    run: `comm${option} s1 s2`,
    files: { s1: "a\nb\nd\n", s2: "b\nc\nd\ne\n" },
  })),
  { run: "comm u1 s2", files: { u1: "b\na\n", s2: "a\n" } },
  { run: "comm nonl.txt" },
  { run: "comm nonl.txt nofile" },
  ...[
    "a-z A-Z",
    "-d a-z",
    "-s a",
    "-s '[:space:]'",
    "-cd '[:alnum:]'",
    "'[:lower:]' '[:upper:]'",
    "-d '\\n'",
    "' ' '\\n'",
    "-s ' ' '\\t'",
    "-c a-z _",
    "abc x",
    "-ds a b",
    "'\\101' z",
    "-d '[:digit:]'",
    "'[a*]' b",
    "abc '[x*]'",
    "-t abc x",
    "-s '\\n'",
    "-d '[:punct:]'",
    "a-c '\\0-\\2'",
    "-cs '[:alpha:]' '\\n'",
  ].map((args) => ({ run: `tr ${args}`, stdin: "hello  World aab\n\n12 é!\nabcA\n" })),
  ...["", " a", " -d a b", " z-a x", " '[:foo:]' x", " a ''", " a b c", " -ds a"].map((args) => ({ run: `tr${args}` })),
];
