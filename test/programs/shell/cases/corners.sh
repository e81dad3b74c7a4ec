#=== heredoc in pipeline middle
cat <<E | sort | { read a; read b; echo "$b $a"; }
2
1
E
echo $(cat <<E
x
E
) done
#=== heredoc with backslashes and quotes
v=1; cat <<E
"$v" '$v' \$v \\$v \`x\` ${v:-"q"} ${u:-a b} $'x' $(echo "in $v")
E
#=== heredoc delimiters
cat <<'A B'
quoted delimiter $x
A B
cat <<E-F
dash
E-F
cat << \E
escaped $x
E
#=== nested functions and return values
outer() { inner() { return 5; }; inner; local rc=$?; return $((rc+1)); }; outer; echo $?; inner; echo $?
#=== local in subshell and pipes
f() { local x=1; (x=2; echo $x); echo $x; echo y | { read x; echo $x; }; echo $x; }; f
#=== while read with heredoc and continue
while read -r a b; do [ "$a" = skip ] && continue; echo "$b:$a"; done <<E
one 1
skip 2
three 3
E
#=== until with break value
n=0; until ((n++ >= 3)); do ((n == 2)) && break; done; echo $n
#=== case with variables and spaces
opt="two words"; case "$opt" in "two words") echo quoted;; esac; pat="t*"; case $opt in $pat) echo pattern;; esac; case "$opt" in *\ *) echo has space;; esac
#=== case char classes
for c in a Z 5 _ ' ' '?' ]; do case $c in [[:lower:]]) echo lower;; [[:upper:]]) echo upper;; [[:digit:]]) echo digit;; [[:space:]]) echo space;; []?]) echo bracket;; *) echo other;; esac; done
#=== arithmetic in conditions
x=10; if (( x > 5 && x < 20 )); then echo in; fi; (( x % 2 == 0 )) && echo even; [ $((x/3)) -eq 3 ] && echo three; for ((i=x; i>7; i--)); do printf '%d ' $i; done; echo
#=== string comparison
[[ b > a ]] && echo 1; [[ "abc" < "abd" ]] && echo 2; [ "10" -gt "9" ] && echo 3; [[ "10" < "9" ]] && echo 4; [[ a = a && ! ( b = c ) ]] && echo 5
#=== regex captures
v="app=web,tier=front"; re='^([^=]+)=([^,]+),(.*)$'; if [[ $v =~ $re ]]; then printf '%s\n' "${BASH_REMATCH[@]:1}"; fi; [[ "2024-01-15" =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] && echo date; [[ "x" =~ ^(a|b|)$ ]]; echo $?; [[ "foo.bar" =~ \. ]] && echo dot; [[ 'a+b' =~ 'a+b' ]] && echo lit
#=== printf formatting table
printf '%-10s %5s %s\n' NAME READY STATUS web 1/1 Running db 0/1 Pending; printf '%s=%d\n' a 1 b 2; printf '%5.1f%%\n' 99.55; printf '[%3d]' 1 22 333; echo; printf '%s\n' "${a[@]}" x; printf '%.3s|%10.3s|\n' abcdef abcdef
#=== printf dates and quoting
printf '%(%F %T)T\n' 1700000000; printf '%q ' 'a&b' 'c;d' '(e)' 'f|g' '*' '[h]' '{i}' '!j' '"k"' 'l\m' $'n\to'; echo
#=== subshell environment
export A=1; (A=2; bash -c 'echo $A'); echo $A; (unset A; bash -c 'echo [$A]'); (cd /; pwd); [ "$PWD" != / ] && echo same dir
#=== variable scopes with pipes
count=0; printf '1\n2\n3\n' | while read n; do ((count+=n)); done; echo $count; while read n; do ((count+=n)); done < <(printf '1\n2\n3\n'); echo $count; count=$(printf '4\n5\n' | { t=0; while read n; do ((t+=n)); done; echo $t; }); echo $count
#=== command substitution quoting
echo "$(echo "a \"b\" c")" "$(printf '%s' 'x  y')" $(printf '%s' 'x  y'); echo "$(echo '$x')" "$(echo "\$x")" `echo "$(echo n)"`; x="$(cat <<'E'
multi
line
E
)"; echo "$x"
#=== arrays of words with globs
a=('*' '?' '[x]'); : > x; echo "${a[@]}"; echo ${a[@]} ; for i in "${a[@]}"; do echo "<$i>"; done; b=(*); echo ${#b[@]}; c=("*"); echo ${c[0]}
#=== array index arithmetic
a=(10 20 30 40); i=1; echo ${a[i]} ${a[i+1]} ${a[$i+2]} ${a[-1]} ${a[i*2]}; a[i++]=x; echo $i ${a[@]}; a[${#a[@]}]=end; echo ${a[@]: -1}; unset a[0]; echo ${!a[@]}; a=("${a[@]}"); echo ${!a[@]}
#=== assoc loops and defaults
declare -A cfg=([host]=localhost [port]=80); for k in host port user; do echo "$k=${cfg[$k]:-unset}"; done; cfg[user]=root; echo ${#cfg[@]}; [[ -n ${cfg[port]} ]] && echo has; [[ ${cfg[none]+x} ]] || echo none; k=host; unset "cfg[$k]"; echo "${cfg[host]-gone}"
#=== parameter tricks
f=archive.tar.gz; echo "${f%%.*} ${f#*.} ${f##*.}"; path=a:b:c; echo "${path//:/ }"; IFS=: read -ra p <<< "$path"; echo "${p[2]}"; s="  x "; s="${s#"${s%%[! ]*}"}"; echo "[$s]"; v=abc; echo "${v:0:1}${v: -1}" "${v/%c/}" "${v/#a/}"; echo ${v//[^b]/}; n=007; echo $((10#$n))
#=== default operators with command
x=${UNSET:-$(echo computed)}; echo $x; : ${CONF:=/etc/conf}; echo $CONF; echo "${A:+set}" "${CONF:+set}"; y=${x:+"two words"}; echo "$y"; echo ${Z-"a  b"} "${Z-a  b}"
#=== quoting in double brackets
x='*'; [[ abc == $x ]] && echo glob; [[ abc == "$x" ]] || echo literal; [[ '*' == "$x" ]] && echo equal; y='a b'; [[ $y == a* ]] && echo unsplit; [[ -n $y && $y = *b ]] && echo ends
#=== exit codes
true; echo $?; false; echo $?; bash -c 'exit 42'; echo $?; (exit 255); echo $?; (exit 256); echo $?; nosuch 2>/dev/null; echo $?; /etc/passwd 2>/dev/null; echo $?; bash -c 'kill -9 $$' 2>/dev/null; echo $?; ! false; echo $?; [ 1 = 2 ]; echo $?; ((0)); echo $?
#=== pipeline with functions and groups
up() { tr a-z A-Z; }; echo abc | up; { echo 1; echo 2; } | { read a; read b; echo $((a+b)); }; (echo x; echo y) | while read l; do echo "[$l]"; done | tail -n 1; echo z | (read q; echo $q$q)
#=== nested loops with labels
for i in 1 2 3; do for j in a b c; do [[ $i$j == 2b ]] && break; [[ $j == a ]] && continue; echo $i$j; done; done
#=== background output order
{ sleep 0.1; echo second; } & echo first; wait $!; echo third; { sleep 0.2; echo slow; } & { sleep 0.1; echo quick; } & wait; echo all
#=== trap cleanup order
trap 'echo one' EXIT; trap 'echo two' EXIT; f() { trap 'echo in f' EXIT; }; f; echo body
#=== trap with variables
x=early; trap "echo $x" EXIT; trap 'echo $x >&2' USR2; x=late; kill -USR2 $$; trap -p EXIT
#=== set e in conditionals
set -e; f() { false; echo after false; }; f && echo and; if f; then echo if; fi; while ! f; do break; done; ! f; echo reached; f || true; (set +e; false; echo sub); x=$(false) || echo caught; echo end
#=== set e with subshell status
set -e; (exit 0); { true; }; if ! (exit 3); then echo neg; fi; y=$(echo ok); echo $y; [ -z "" ] && echo z; false || echo or; echo done; (exit 7); echo not reached
#=== set u arrays and args
set -u; a=(); echo "${a[@]}" ${#a[@]}; echo ${1-none} ${@-none}; f() { echo "${2:-default}"; }; f x; echo "$*" $#; declare -A m=(); echo ${m[k]-nokey}; echo ${b[0]}
#=== multiple redirections
{ echo out; echo err >&2; } > o 2> e; cat o e; { echo a; echo b >&2; } > both 2>&1; cat both; echo x > o > p; cat p; [ -s o ] || echo o is empty; cat < o < p; exec 7> seven; echo one >&7; echo two >&7; exec 7>&-; cat seven
#=== read and write same fd
printf 'l1\nl2\nl3\n' > f; exec 3<> f; read a <&3; echo new >&3; exec 3>&-; cat f; { read x; read y; } < f; echo $x/$y; while read l; do echo "$l"; read skip; done < f
#=== stdin shared by commands
printf '1\n2\n3\n' | { read a; cat; }; printf 'a\nb\nc\n' | (read x; read y; echo $y$x; cat); printf '1\n2\n' > f; { head -n 1 >/dev/null; echo rest; } < f
#=== alias corner
shopt -s expand_aliases
alias e='echo ' w=world g='echo a;echo b' p='echo "$1"' n='nosuch'
e w; g; x=1 e w; e e; \e w 2>/dev/null; "e" w 2>/dev/null; if true; then e w; fi; (e w) | cat; echo $(e w); n 2>/dev/null; echo $?
alias self='self x' ls2='echo'; self 2>/dev/null; echo $?
ls2 ok; unalias -a; alias
#=== eval and quoting
cmd='echo "a  b" $HOME_X'; HOME_X=h; eval $cmd; eval "$cmd"; eval echo '$HOME_X'; args=("a b" c); eval "set -- $(printf '%q ' "${args[@]}")"; echo $# "$1"; v=name; eval "$v=value"; echo $name; eval "echo \${$v}"
#=== command line options in loops
set -- -a 1 --long=x -- rest -b; while (($#)); do case $1 in --) shift; break;; -?) echo "short ${1#-}";; --*=*) k=${1%%=*}; echo "long ${k#--} ${1#*=}";; *) echo "value $1";; esac; shift; done; echo "left: $*"
#=== text with special characters
echo 'single "double" `back` $dollar \slash'; echo "tab	inside"; echo a\ \ b; echo "a'b" 'c"d' "e\"f" g\'h; echo '!' "!" \!; echo {} [] '{}' "a{b,c}d"; echo $ "$" '$' \$ $% 100%; echo ~root | head -c 5
#=== long pipelines
seq 1 100 | sort -n | head -n 50 | tail -n 5 | tr '\n' ' '; echo; seq 1 1000 | while read n; do ((n % 250 == 0)) && echo $n; done; seq 5 | { mapfile -t a; echo ${#a[@]} ${a[4]}; }
#=== functions as filters
indent() { sed 's/^/  /'; }; prefix() { while IFS= read -r l; do printf '%s%s\n' "$1" "$l"; done; }; printf 'a\n b\n' | indent | prefix '> '
#=== recursion with arrays
perm() { local items=$1 out=$2 i; ((${#items} == 0)) && { echo $out; return; }; for ((i=0; i<${#items}; i++)); do perm "${items:0:i}${items:i+1}" "$out${items:i:1}"; done; }; perm abc
#=== hanoi
moves=0; hanoi() { (($1 == 0)) && return; hanoi $(($1-1)) $2 $4 $3; ((moves++)); hanoi $(($1-1)) $4 $3 $2; }; hanoi 6 A C B; echo $moves
#=== gcd and sum
gcd() { (( $2 == 0 )) && echo $1 || gcd $2 $(($1 % $2)); }; gcd 48 18; sum() { local t=0 n; for n; do ((t+=n)); done; echo $t; }; sum 1 2 3 4; sum
#=== utf8
x='naïve café ☕'; echo "${#x} ${x:6:4} ${x^^} ${x//é/e}"; [[ $x == *☕ ]] && echo cup; case é in ?) echo one;; esac; printf '%5s|%-5s|\n' é é; for ((i=0;i<5;i++)); do printf '%s.' "${x:i:1}"; done; echo; echo -e '\u2603 \xe2\x98\x83'
#=== binary data
printf '\xff\xfe\x00a' | wc -c; x=$'\xff'; echo ${#x}; printf '%s' "$x" | wc -c; printf '\303\251\n'; echo $'\303\251'; printf '%b' '\0303\0251\n'
#=== shift and set interplay
set -- a b c d; shift 2; echo "$*"; set -- "$@" e; echo "$*"; set -- "${@:2}"; echo "$*"; f() { shift; echo "$*"; }; f 1 2 3; echo "$*"; shift $#; echo $#
#=== let and declare -i
declare -i i=5 j; j=i*2; echo $j; let j+=5 i--; echo $i $j; i+=10; echo $i; declare -i k=0x10+010; echo $k; let "m = 5 > 3 ? 10 : 20"; echo $m
#=== octal and hex output
printf '%o %x %X %#o\n' 8 255 255 8; echo $((0777)) $((0xAB)) $((2#1111)) $((36#zz)) $((64#@)); printf '%d\n' 0777 0xff "'a"; printf '%c' 65 a; echo
#=== compound redirect with heredoc
if true; then cat; fi <<E
in if
E
for i in 1 2; do read x; echo $i$x; done <<E
a
b
E
f() { cat; } <<< "in f"; f; f
{ cat; echo more; } <<< "group" | tr a-z A-Z
#=== dirs and oldpwd
mkdir -p d/e 2>/dev/null; cd d/e; echo ${PWD##*/} ${OLDPWD##*/}; cd ..; echo ${PWD##*/}; cd - > /dev/null; echo ${PWD##*/}; cd ../..; (cd d && echo ${PWD##*/}); echo ${PWD##*/}
#=== test file ages and links
: > old; sleep 0.02; : > new; [ new -nt old ] && echo newer; [ old -ot new ] && echo older; ln -s new link; [ -L link ] && [ -h link ] && echo link; [ -e link ] && echo target; ln -s nowhere broken; [ -e broken ] || echo broken; [ -L broken ] && echo still link
#=== readonly in functions
f() { readonly R=1; }; f; R=2; echo unreachable
echo $R; g() { local -r L=5; L=6; echo no; }; g
echo after $?
#=== errors do not stop scripts
cd /nonexistent; echo $?; nosuchcommand; cat nofile 2>/dev/null; echo $?; unset -v 'a b'; export 'x y=1'; echo $?; declare 'q r'; echo $?; [ 1 -eq ]; echo $?; echo end
#=== syntax error inside function file
cat > bad.sh <<'E'
echo start
f() {
  if true; then
    echo x
}
echo never
E
bash bad.sh; echo $?; . ./bad.sh; echo $?; bash -n bad.sh; echo $?
#=== error line numbers

nosuch1

f() {
  nosuch2
}
f
if true; then
  nosuch3
fi
x=$(nosuch4)
(
nosuch5
)
echo $(
nosuch7)
#=== source with line numbers
printf 'echo lib\nnosuchlib\necho $LINENO\n' > lib.sh; . ./lib.sh; nosuchmain; echo $LINENO
#=== select with break
printf '3\n2\n' | { select o in start stop quit; do case $o in quit) echo bye; break;; stop) echo stopping;; esac; done; } 2>/dev/null
#=== printf v and arrays
for i in 1 2 3; do printf -v "arr[$i]" 'item-%02d' $i; done; echo "${arr[@]}" ${!arr[@]}; printf -v joined '%s,' "${arr[@]}"; echo "${joined%,}"; declare -A m; printf -v 'm[key]' val; echo ${m[key]}
#=== indirect arrays and namerefs
show() { local -n ref=$1; echo "${#ref[@]}: ${ref[*]}"; ref+=(added); }; list=(x y); show list; echo ${list[@]}; copy() { local src=$1[@]; echo "${!src}"; }; copy list; declare -n alias_=list; alias_[0]=changed; echo ${list[0]}; for name in list; do v="$name[1]"; echo ${!v}; done
#=== declare -p round trip
a=(1 "two words" 'q"uote'); declare -A m=([k]="v w"); s='it'"'"'s $x'; eval "$(declare -p a | sed 's/ a=/ b=/')"; echo "${b[2]}"; declare -p s; declare -f nosuch; f() { echo "hi $1"; }; eval "$(declare -f f | sed '1s/f/g/')"; g there
#=== type of everything
alias al=x; fn() { :; }; for n in al fn cd if cat [[ nosuch time { ; do printf '%s: %s\n' "$n" "$(type -t "$n")"; done
#=== IFS joins
a=(1 2 3); IFS=+; echo "$((${a[*]}))" "${a[*]}"; IFS=', '; set -- x y; echo "$*"; IFS=; echo "${a[*]}"; unset IFS; echo "${a[*]}"; (IFS=/; echo "${a[*]}"); old=$IFS; IFS=:; IFS=$old; echo "${a[*]}"
#=== while with complex conditions
i=0; while [ $i -lt 10 ] && [ $((i*i)) -lt 30 ]; do ((i++)); done; echo $i; while read -r l && [[ $l != stop ]]; do echo $l; done <<< $'go\nstop\nno'; until false; do echo once; break; done; while true; do ((++n > 2)) && break; done; echo $n
