import type { TextCase } from "../text-case.ts";

const lines = (text: string, more: Partial<TextCase> = {}): TextCase[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((run) => ({ run, ...more }));

/** Each line: the command, then the files to look at afterwards. */
const changing = (text: string): TextCase[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [run = "", after = ""] = line.split(" # ");
      return { run: run.trim(), after: after.trim().split(" ") };
    });

export const fileCases: readonly TextCase[] = [
  ...lines(String.raw`
ls
ls -a dir
ls -A dir
ls -1
ls dir fruit.txt
ls dir/sub dir
ls -d dir
ls -F
ls -p
ls -R dir
ls -r
ls -t
ls -tr
ls -S
ls -m
ls -C -w 40
ls -x -w 40
ls -w 60 -C
ls nofile
ls nofile fruit.txt
ls --foo
ls -Y
ls -Q dir
ls -X dir
ls -v
ls --color=always dir
ls --group-directories-first
ls *.txt
rm
rm -f
rm nofile
rm dir
rm -f nofile
rmdir
rmdir nofile
rmdir dir
rmdir fruit.txt
mkdir
mkdir dir
mkdir no/x
mkdir -m 999 x
mkdir -p fruit.txt/x
cp
cp fruit.txt
cp nofile x
cp dir x
cp fruit.txt no/x
cp fruit.txt fruit.txt
cp fruit.txt nonl.txt x
cp -r dir dir/sub
cp -r dir fruit.txt
mv
mv nofile x
mv fruit.txt no/x
mv fruit.txt fruit.txt
mv dir dir/sub
mv dir fruit.txt
mv fruit.txt nonl.txt empty.txt
touch
touch no/x
touch -d foo x
ln
ln nofile x
ln -s fruit.txt
ln -s x fruit.txt
ln dir x
readlink
readlink fruit.txt
readlink nofile
readlink -v fruit.txt
realpath no/x
realpath
realpath --relative-to=dir fruit.txt
stat nofile
stat
stat -c '%n %s %a %A %F %h' fruit.txt dir
stat -c '%Y %y' fruit.txt
stat --format=%s empty.txt nonl.txt
stat -c '%F' empty.txt dir fruit.txt
stat --printf='%s\n%n\n' fruit.txt
chmod
chmod 999 fruit.txt
chmod u+q fruit.txt
chmod 644 nofile
chmod 644
chmod -v 600 fruit.txt
chmod -v 644 fruit.txt
chmod -c u+x fruit.txt
chown
chown nouser fruit.txt
chown root nofile
chown root:nogroupx fruit.txt
truncate fruit.txt
truncate -s x fruit.txt
mktemp ab
mktemp /nodir/XXX
file fruit.txt dir empty.txt nofile
file passwd pod.yaml
basename /a/b/c.txt
basename /a/b/c.txt .txt
basename a/
basename /
basename -s .txt a.txt b.txt
basename -a x/y z/w
basename
basename a b c
dirname /a/b/c
dirname a
dirname a/b/
dirname /
dirname a/b c/d
dirname
expr 1 + 2
expr 7 / 2
expr 7 % 3
expr 2 '*' 3
expr 5 - 8
expr 1 = 1
expr a '<' b
expr 10 '>' 9
expr length hello
expr substr hello 2 3
expr index hello l
expr match hello 'h\(.*\)o'
expr hello : 'hel'
expr hello : '\(.*\)l'
expr x : y
expr '(' 1 + 2 ')' '*' 3
expr 0
expr ''
expr 1 '|' 0
expr 0 '|' 5
expr 0 '&' 1
expr
expr 1 +
expr a + 1
expr 1 / 0
expr 1 2
test
test a
test a b
test 1 -eq 1
test 1 -eq x
test -f fruit.txt
test -d dir
test -e nofile
test ! -e nofile
test a = a
test a != a
test 5 -gt 3 -a 2 -lt 1
test -n '' -o -z ''
test '(' a = a ')'
test fruit.txt -nt nonl.txt
test -s empty.txt
[ a = b ]
[ a = a
true
false
yes --foo
sleep
sleep x
sleep -1
sleep 0
env -i A=1 B=2
env -i A=1 printenv A
env nocommand
env A=1 -Z
env -u HOME -i
printenv TZ NOPE
printenv NOPE
timeout 5 echo hi
timeout
timeout x echo hi
timeout 0.1 sleep 5
timeout 5 nocommand
timeout 5 false
nohup nocommand
date -d @0
date -u -d @0
date -d '2026-03-05 10:11:12' '+%Y-%m-%d %H:%M:%S %a %b %j %U %V %u'
date -d '2026-03-05' +%s
date -d '2026-03-05T10:11:12Z' +%s
date -d '2026-03-05 10:11:12 +0200' -R
date -d '@1772359200' -Iseconds
date -d '@1772359200' --iso-8601
date -d '@1772359200' -R
date -d '@1772359200' --rfc-3339=seconds
date -d '2026-01-31 +1 month' +%F
date -d '2026-03-05 1 day ago' +%F
date -d '2026-03-05 yesterday' +%F
date -d '2026-03-05 10:00 2 hours' +%T
date -d '2026-03-05 + 3 weeks' +%F
date -d 'Mar 5 2026' +%F
date -d '5 March 2026 3pm' '+%F %T'
date -d '03/05/2026' +%F
date -d '20260305' +%F
date -d 'foo'
date -d '@1772359200' '+%-d|%_d|%e|%k|%I|%p|%y|%C|%D|%T|%R|%r|%c|%x|%X|%n|%t|%%|%Z|%z|%:z|%s|%N|%3N|%q|%G-%V'
date +foo bar
date foo
date -r fruit.txt +%F
date -d '2026-03-05 12:00 next day' '+%F %T'
xargs echo < nofile
`),
  ...lines(
    `
ls -l
ls -lh
ls -ln dir
ls -lg dir
ls -lo dir
ls -l fruit.txt dir
ls -lR dir
ls -lt
ls -lS
ls -lr dir
ls -s
ls -l --time-style=long-iso dir
ls -l --full-time fruit.txt
ls -l --time-style=+%s fruit.txt
stat -c '%U %G %u %g' fruit.txt
`,
    { root: true },
  ),
  ...lines(
    String.raw`
find . -maxdepth 1 -name '*.txt' -printf '%p %s %m %u\n'
find . -user root -name fruit.txt
find . -user nobodyx
`,
    { root: true, sorted: true },
  ),
  ...lines(
    String.raw`
find dir -printf '%y %f %h %d %P\n'
`,
    { sorted: true },
  ),
  ...lines(
    String.raw`
find dir
find dir -type f
find dir -type d
find dir -name '*.txt'
find dir -name '*.txt' -o -name '*.log'
find dir -iname '*.TXT'
find dir -path '*sub*'
find dir -maxdepth 1
find dir -mindepth 2
find dir -name '*.txt' -maxdepth 1
find . -empty
find . -size -10c -name '*.txt'
find . -size +1
find dir ! -name '*.txt'
find dir -not -name '*.txt' -type f
find dir '(' -name one.txt -o -name two.log ')' -print
find dir -name sub -prune -o -print
find dir -name sub -prune -o -type f -print
find dir -type f -exec echo X {} ';'
find dir -type f -exec echo {} +
find dir -name one.txt -exec cat {} ';'
find dir -name one.txt -exec false ';' -print
find dir -print0
find dir -newer dir/one.txt
find . -newer pod.yaml -name '*.txt'
find dir -mtime +100
find dir -mtime -1
find dir -perm 644
find dir -perm -600 -type f
find dir -perm /111 -type f
find nofile
find dir nofile -name one.txt
find -foo
find dir -name
find dir -type q
find dir -exec echo {}
find dir foo
find dir -name a b
find dir '(' -name a
find dir -name a ')'
find dir -o -name a
find dir -size x
find dir -depth
find dir -regex '.*/t.*'
find dir -links 1 -type f
find dir -name one.txt -quit
find dir -type f -name '*.txt' -printf '%f\t%s\n'
find dir -samefile x
find dir -true -name '*.log'
`,
    { sorted: true },
  ),
  ...changing(`
rm fruit.txt # fruit.txt
rm -r dir # dir dir/one.txt
rm -rf dir nofile # dir
rm -v fruit.txt # fruit.txt
rm -rv dir/sub # dir/sub
rm -r . # fruit.txt
rm fruit.txt nofile nonl.txt # fruit.txt nonl.txt
rm -rf dir/. # dir
rmdir -p a/b # a
mkdir x # x
mkdir -p a/b/c # a a/b a/b/c
mkdir -v x # x
mkdir -pv a/b # a/b
mkdir x dir y # x y
cp fruit.txt x # x fruit.txt
cp fruit.txt dir # dir/fruit.txt
cp fruit.txt nonl.txt dir # dir/fruit.txt dir/nonl.txt
cp -v fruit.txt x # x
cp -r dir x # x x/one.txt x/sub/three.txt
cp -rv dir/sub x # x/three.txt
cp -a dir x # x/one.txt
cp -n fruit.txt nonl.txt # nonl.txt
cp -r dir fruit.txt x # x
cp -t dir fruit.txt # dir/fruit.txt
cp fruit.txt dir/ # dir/fruit.txt
cp -b fruit.txt nonl.txt # nonl.txt nonl.txt~
cp -s fruit.txt x # x
mv fruit.txt x # x fruit.txt
mv fruit.txt dir # dir/fruit.txt fruit.txt
mv -v fruit.txt x # x
mv dir x # x x/one.txt dir
mv fruit.txt nonl.txt dir # dir/fruit.txt dir/nonl.txt
mv -n fruit.txt nonl.txt # nonl.txt fruit.txt
mv fruit.txt nonl.txt # nonl.txt fruit.txt
touch x # x
touch -c x # x
touch fruit.txt # fruit.txt
ln -s fruit.txt x # x
ln fruit.txt x # x
ln -sf fruit.txt nonl.txt # nonl.txt
ln -sv fruit.txt x # x
ln -s ../fruit.txt dir # dir/fruit.txt
truncate -s 3 fruit.txt # fruit.txt
truncate -s 0 fruit.txt # fruit.txt
truncate -s +2 nonl.txt # nonl.txt
install -m 600 fruit.txt x # x
install -d a/b # a/b
find dir -name '*.txt' -delete # dir/one.txt dir/sub/three.txt dir/two.log
find dir -delete # dir
sed -i s/a/b/ fruit.txt nonl.txt # fruit.txt
tar cf x.tar dir fruit.txt # dir/one.txt
`),
  ...[
    "",
    " -n1",
    " -n2",
    " -L1",
    " -I{} echo [{}]",
    " -I {} echo {} {}",
    " -t",
    " -n1 echo x",
    " -d '\\n'",
    " -0",
    " -P2 -n1 true",
    " -s 20",
    " nocommand",
    " false",
    " -n x",
    " sh -c 'exit 255'",
    " -E c",
    " -r",
    " -p -n1",
  ].map((args) => ({ run: `xargs${args}`, stdin: "a b\n'c d' e\n\nf\\ g\n" })),
  { run: "xargs", stdin: "" },
  { run: "xargs -r", stdin: "" },
  { run: "xargs echo", stdin: "it's\n" },
  { run: "xargs -0 -n1 echo", stdin: "a b\0c\0" },
  { run: "xargs -a fruit.txt" },
  { run: "xargs -I{} cat {}", stdin: "nonl.txt\nfruit.txt\n" },
  { run: "rm -i fruit.txt", stdin: "y\n", after: ["fruit.txt"] },
  { run: "rm -i fruit.txt", stdin: "n\n", after: ["fruit.txt"] },
  { run: "cp -i fruit.txt nonl.txt", stdin: "n\n", after: ["nonl.txt"] },
  { run: "mv -i fruit.txt nonl.txt", stdin: "y\n", after: ["nonl.txt"] },
];

export const binaryCases: readonly TextCase[] = [
  ...lines(`
base64 fruit.txt
base64 -w0 nonl.txt
base64 -w 10 fruit.txt
base64 -w x fruit.txt
base64 nofile
md5sum fruit.txt nonl.txt empty.txt
sha1sum fruit.txt empty.txt
sha256sum fruit.txt empty.txt
sha256sum nofile
md5sum --tag fruit.txt
xxd fruit.txt
xxd -p fruit.txt
xxd -l 5 -s 2 fruit.txt
xxd -c 8 fruit.txt
xxd -u nonl.txt
hexdump -C fruit.txt
hexdump fruit.txt
hexdump nofile
od fruit.txt
od -c fruit.txt
od -An -tx1 fruit.txt
od -x nonl.txt
od -A x -t x1z fruit.txt
od -b nonl.txt
od -t d1 -N 4 nonl.txt
od -j 2 -An -c nonl.txt
od -tx4 nonl.txt
od -t u2 nonl.txt
od -a nonl.txt
diff fruit.txt fruit.txt
diff fruit.txt nonl.txt
diff -q fruit.txt nonl.txt
diff -s fruit.txt fruit.txt
diff fruit.txt nofile
diff nofile1 nofile2
diff fruit.txt
diff
diff a b c
diff -u fruit.txt nonl.txt
diff -y nonl.txt dir/one.txt
diff -r dir dir
diff dir fruit.txt
diff -u nonl.txt empty.txt
diff empty.txt nonl.txt
diff --foo
diff -U x a b
cmp fruit.txt nonl.txt
column -t fruit.txt
column -t -s: passwd
column -t -s, csv.txt
column fruit.txt
column -t -s, -o ' | ' csv.txt
column -t -N A,B fruit.txt
column -c 40 pods.txt
column nofile
column -t pods.txt
tar
tar cf
tar tf nofile.tar
tar xf fruit.txt
tar tf fruit.txt
tar cf x.tar nofile
tar -cvf x.tar fruit.txt
tput -T xterm bold
tput -T xterm setaf 2
tput -T xterm foo
clear -T xterm
more nofile
less fruit.txt
more fruit.txt
`),
  ...lines(
    `
jq --foo .
jq --arg a
vim fruit.txt
vi fruit.txt
less nofile
less dir
`,
    { recordedOnly: true },
  ),
  { run: "base64", stdin: "hello\n" },
  { run: "base64", stdin: "" },
  { run: "base64 -d", stdin: "aGVsbG8K" },
  { run: "base64 -d", stdin: "aGVs\nbG8K\n" },
  { run: "base64 -d", stdin: "!!" },
  { run: "base64 -d", stdin: "aGVsbG8" },
  { run: "base64 -di", stdin: "aG#Vs bG8K" },
  { run: "base64 -d", stdin: "/+8=" },
  { run: "base64", stdin: "x".repeat(100) },
  { run: "md5sum", stdin: "hello\n" },
  { run: "sha256sum", stdin: "x".repeat(200) },
  { run: "sha1sum -", stdin: "é" },
  {
    run: "sha256sum -c sums",
    files: { sums: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty.txt\n" },
  },
  {
    run: "sha256sum -c sums",
    files: { sums: "00b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty.txt\nbad\n" },
  },
  {
    run: "md5sum -c sums",
    files: { sums: "d41d8cd98f00b204e9800998ecf8427e  empty.txt\nd41d8cd98f00b204e9800998ecf8427e  gone\n" },
  },
  { run: "xxd -r -p", stdin: "6162 0a\n" },
  { run: "xxd -r", stdin: "00000000: 6162 630a\n" },
  { run: "hexdump -C", stdin: "a".repeat(40) },
  { run: "od -c", stdin: "a".repeat(50) },
  { run: "column", stdin: "a\nb\nc\nlonger\n" },
  { run: "column -t", stdin: "a  b\n\nc d e\n" },
];

const before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
const pairs: readonly (readonly [string, string])[] = [
  [before, before.replace("c\n", "C\n")],
  [before, before.replace("c\n", "")],
  [before, before.replace("c\n", "c\nx\ny\n")],
  [before, before.replace("b\n", "B\n").replace("k\n", "K\n")],
  [before, before.replace("b\n", "B\n").replace("i\n", "I\n")],
  ["a\nb\n", "a\nb"],
  ["a\nb", "a\nc"],
  ["a\n\nb\n", "a\nb\n"],
  ["a b\n", "a  b \n"],
  ["A\nb\n", "a\nB\n"],
  ["", "a\n"],
  ["f() {\n  1\n}\n\ng() {\n  2\n}\n", "f() {\n  1\n}\n\nh() {\n  3\n}\n\ng() {\n  2\n}\n"],
  ["x\nx\ny\nx\nx\n", "x\ny\nx\nx\nx\n"],
  ["1\n2\n3\n4\n5\n", "3\n4\n1\n2\n5\n"],
  [
    "a\tb\nlonger line than the half of a page which is cut somewhere in the middle of it all\n",
    "a\tc\nlonger line than the half of a page which is cut somewhere in the middle of it ALL\n",
  ],
];

export const diffCases: readonly TextCase[] = [
  ...pairs.flatMap(([a, b]) =>
    ["", "-u", "-y", "-w", "-b", "-B", "-i", "-U1", "-y --suppress-common-lines", "-u -L old -L new"].map(
      (options) => ({
        run: `diff ${options} a b`.replace("  ", " "),
        files: { a, b },
      }),
    ),
  ),
  ...["-r", "-rq", "-ru", "-rN", "-ruN", "", "-q"].map((options) => ({
    run: `diff ${options} d1 d2`.replace("  ", " "),
    files: {
      "d1/same": "x\n",
      "d2/same": "x\n",
      "d1/f": "1\n2\n",
      "d2/f": "1\n3\n",
      "d1/only1": "a\n",
      "d2/only2": "b\n",
      "d1/sub/g": "g\n",
      "d2/sub/g": "G\n",
    },
  })),
];
