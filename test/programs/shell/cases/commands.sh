#=== and or
true && echo a; false && echo b; false || echo c; true || echo d; true && false || echo e; false || true && echo f; ! true; echo $?; ! false && echo g
#=== lists and status
false; true; echo $?; (exit 7); echo $?; { false; }; echo $?; true & wait; echo $?
#=== if
if true; then echo a; fi; if false; then echo b; else echo c; fi; if false; then :; elif true; then echo d; fi; if false; then :; fi; echo $?
#=== if with lists
if false; true; then echo last counts; fi; if ! false; then echo not; fi; if [ 1 -lt 2 ] && [[ a == a ]]; then echo both; fi
#=== while and until
i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done; until [ $i -eq 0 ]; do i=$((i-1)); done; echo $i; while false; do :; done; echo $?
#=== for
for x in a "b c" d; do echo $x; done; for x in; do echo no; done; echo $?; set -- p q; for x; do echo $x; done; for x do echo $x; done; echo $x
#=== c style for
for ((i=0; i<3; i++)); do echo $i; done; for ((i=3;i;i--)) { echo $i; }; for ((;;)); do break; done; for ((i=0,j=5;i<j;i++,j--)); do echo $i $j; done
#=== break and continue
for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done; for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done; for i in 1 2; do for j in a b; do break 2; done; echo no; done; echo end
#=== break outside
break; echo $?; continue; echo $?
break 2
f() { break; }; for i in 1 2; do f; echo $i; done
#=== case
for x in a bc '*' 5 '' 'x y'; do case $x in a) echo A;; b*|z) echo B;; '*') echo star;; [0-9]) echo digit;; '') echo empty;; *) echo other; esac; done
#=== case fallthrough
case a in a) echo 1;& b) echo 2;; c) echo 3;; esac; case a in a) echo 1;;& b) echo 2;;& [a-z]) echo 3;;& *) echo 4;; esac; case q in a) ;; esac; echo $?
#=== case quoting
x='a*'; case 'a*' in $x) echo glob;; esac; case abc in "$x") echo no;; $x) echo yes;; esac; case 'a b' in a\ b) echo space;; esac; case x in (x) echo paren;; esac
#=== case patterns
case foo.tar.gz in *.tar.*) echo tar;; esac; case abc in [!x]*) echo notx;; esac
shopt -s extglob
case foobar in @(foo|bar)*) echo ext;; esac; shopt -s nocasematch; case ABC in abc) echo nocase;; esac
#=== functions
f() { echo "f $# $1"; return 3; }; f a b; echo $?; function g { echo g; }; g; function h() { echo h; }; h; f2() ( x=1; exit 4 ); f2; echo $? [$x]
#=== function locals
x=out; f() { local x=in y; echo $x [$y]; g; echo $x; }; g() { echo g:$x; x=changed; }; f; echo $x
#=== function arguments
f() { echo $@ $#; set -- new; echo $@; shift; echo $#; }; set -- a b c; f 1 2; echo $@
#=== recursion
fact() { if (( $1 <= 1 )); then echo 1; else echo $(( $1 * $(fact $(($1-1))) )); fi; }; fact 10; fib() { (( $1 < 2 )) && { r=$1; return; }; local a; fib $(($1-1)); a=$r; fib $(($1-2)); r=$((a+r)); }; fib 12; echo $r
#=== function redefinition and unset
f() { echo 1; }; f() { echo 2; }; f; unset -f f; f 2>/dev/null; echo $?; true() { echo mine; }; true; unset -f true; true && echo builtin; echo() { builtin echo "wrapped $*"; }; echo hi
#=== return
f() { return; }; false; f; echo $?; g() { false; return; }; g; echo $?; h() { for i in 1 2; do return $i; done; }; h; echo $?; i() { return 300; }; i; echo $?; j() { return abc; }; j; echo $?
#=== return outside
return 3; echo $?
#=== subshell
x=1; (x=2; cd /; echo $x); echo $x; (exit 3); echo $?; (echo a; echo b) | cat; ( (echo nested) ); (trap 'echo bye' EXIT); echo $BASH_SUBSHELL; (echo $BASH_SUBSHELL; (echo $BASH_SUBSHELL))
#=== groups
{ echo a; echo b; } > f; cat f; { echo x; exit 3; } | cat; { x=set; }; echo $x; { read a; read b; } < f; echo $b$a
#=== pipelines
echo a b c | tr ' ' '\n' | sort -r; printf '3\n1\n2\n' | sort | head -n 1; true | false; echo $?; false | true; echo $? ${PIPESTATUS[@]}
#=== pipestatus
(exit 1) | (exit 2) | (exit 3); echo ${PIPESTATUS[@]}; echo ${PIPESTATUS[@]}; true; echo "${PIPESTATUS[0]}"; ! (exit 4) | true; echo ${PIPESTATUS[0]}
#=== pipefail
set -o pipefail; false | true; echo $?; (exit 3) | (exit 4) | true; echo $?; true | true; echo $?
#=== pipe variables
x=1; echo 2 | read x; echo $x; echo 3 | { read x; echo $x; }; echo $x; shopt -s lastpipe; echo 4 | read x; echo $x
#=== pipe stderr
f() { echo out; echo err >&2; }; f |& sort; f 2>&1 | sort; f 2>/dev/null | cat; { f | cat; } 2>/dev/null
#=== sigpipe
yes 2>/dev/null | head -n 2; i=0; while echo line; do :; done | head -n 1; echo ${PIPESTATUS[0]}; set -o pipefail; while echo line; do :; done | head -n 1; echo $?
#=== select
printf '2\n\n9\n1\n' | { select x in one two; do echo "got $REPLY [$x]"; [ "$x" = one ] && break; done; } 2>&1
#=== select eof
printf '1\n' | { PS3='? '; select x in a b c; do echo "=$x"; done; echo $?; } 2>&1
#=== time keyword
TIMEFORMAT='done'; time true; time { :; } 2>/dev/null; TIMEFORMAT=; time true; ! time false; echo $?
#=== redirections
echo a > f; echo b >> f; cat f; cat < f; echo err >&2 2>/dev/null; { echo o; echo e >&2; } > both 2>&1; cat both; { echo o2; echo e2 >&2; } &> both; cat both; echo more &>> both; cat both
#=== redirect order
{ echo o; echo e >&2; } 2>&1 >f | tr a-z A-Z; cat f; ls_() { echo x >&2; }; ls_ 2>&1 >/dev/null
#=== descriptors
exec 3> f; echo three >&3; exec 3>&-; cat f; exec 4< f; read x <&4; echo $x; exec 4<&-; echo hi 5> g >&5; cat g; exec 6<> g; read y <&6; echo $y; echo new >&6; exec 6>&-; cat g
#=== closed descriptor
echo x >&7; echo $?; { echo y; } 3>&1 >&3; exec 3>&1; echo z >&3-; echo w >&3; echo $?; echo q >&-; echo $?
#=== variable descriptors
exec {fd}> f; echo "$((fd >= 10))"; echo v >&$fd; exec {fd}>&-; cat f
#=== noclobber
set -C; echo a > f; echo b > f; echo $?; echo c >| f; cat f; echo d >> f; cat f; set +C; echo e > f; cat f
#=== redirect errors
echo > /nonexistent/x; echo $?; cat < nofile; echo $?; x='a b'; echo > $x; echo $?; echo > ""; echo $?; : > /; echo $?; cat <nofile | cat; echo $?; { echo no; } < nofile; echo $?; echo >&99; echo $?
#=== redirect on compound
for i in 1 2; do echo $i; done > f; cat f; while read x; do echo "<$x>"; done < f; if true; then echo y; fi >> f; cat f; f() { echo fn; } > g; f; f; cat g; case a in a) echo c;; esac > h; cat h
#=== redirect only
> new; [ -e new ] && echo made; x=$(< new); echo "[$x]"; : 2> err; echo $?
#=== redirect before command
> f echo hi; cat f; 2>/dev/null >f2 echo hi2; cat f2; < f cat; x=5 > f3; echo $x
#=== test brackets
[ a = a ] && echo 1; [ a != b ] && echo 2; [ -z "" ] && echo 3; [ -n a ] && echo 4; [ 1 -eq 1 ] && echo 5; [ 2 -gt 1 -a 1 -lt 2 ] && echo 6; [ a = b -o c = c ] && echo 7; [ ! -e nofile ] && echo 8; [ "" ]; echo $?; [ x ]; echo $?; [ ]; echo $?
#=== test files
: > f; echo x > g; [ -e f ] && [ -f f ] && [ ! -s f ] && [ -s g ] && [ -d . ] && [ ! -d f ] && [ -r f ] && [ -w f ] && [ ! -x f ] && echo ok; test -f nofile; echo $?; [ f -ef f ] && echo same; [ g -nt nofile ] && echo newer; [ nofile -ot g ] && echo older; [ -p /dev/stdin ] < /dev/null; echo $?
#=== test errors
[ a b; echo $?; [ a b ]; echo $?; [ 1 -eq x ]; echo $?; test a b c; echo $?; [ a = ]; echo $?; [ = a ]; echo $?; test 1 -lt; echo $?
#=== test grouping
[ \( a = a \) ] && echo 1; [ \( a = b -o c = c \) -a d = d ] && echo 2; [ ! \( a = b \) ] && echo 3; [ ! a = b ] && echo 4; test -n = -a x && echo 5; [ -a ]; echo $?; [ -f ]; echo $?; [ a \< b ] && echo 6
#=== double brackets
[[ a == a ]] && echo 1; [[ abc == a* ]] && echo 2; [[ abc == "a*" ]] || echo 3; [[ a < b && b > a ]] && echo 4; [[ -z $nope ]] && echo 5; [[ ! -e nofile ]] && echo 6; [[ (a == b || c == c) && d == d ]] && echo 7; [[ "" ]]; echo $?; [[ $nope == "" ]] && echo 8; x='a b'; [[ $x == 'a b' ]] && echo 9
#=== double bracket numbers
x=5; [[ x -eq 5 ]] && echo 1; [[ 1+1 -eq 2 ]] && echo 2; [[ $x -gt 3 && $x -le 5 ]] && echo 3; [[ 010 -eq 8 ]] && echo 4; [[ "" -eq 0 ]] && echo 5; [[ 1 -eq a.b ]]; echo $?
#=== regex
[[ foo123 =~ ([a-z]+)([0-9]+) ]] && echo ${BASH_REMATCH[0]} ${BASH_REMATCH[1]} ${BASH_REMATCH[2]}; [[ abc =~ ^b ]]; echo $?; [[ a.c =~ a\.c ]] && echo 1; [[ abc =~ "a.c" ]] || echo 2; r='^[0-9]+$'; [[ 42 =~ $r ]] && echo 3; [[ 'a b' =~ a\ b ]] && echo 4; echo ${#BASH_REMATCH[@]}
#=== regex details
[[ abcabc =~ (a|ab)(c|bcd)* ]] && echo "${BASH_REMATCH[@]}"; [[ x]y =~ []y]+ ]] && echo ${BASH_REMATCH[0]}; [[ 'a{b' =~ a\{b ]] && echo brace; [[ 'k8s-1.35.0' =~ ([0-9]+)\.([0-9]+)\.([0-9]+)$ ]] && echo ${BASH_REMATCH[1]}-${BASH_REMATCH[2]}; [[ ab =~ (x)?ab ]] && echo "[${BASH_REMATCH[1]}]"; [[ 'tab	x' =~ [[:space:]]x ]] && echo sp; [[ a\\b =~ [\\] ]] && echo bs
#=== double bracket v and o
x=1; [[ -v x ]] && echo 1; [[ -v y ]] || echo 2; a=(1 2); [[ -v a[1] ]] && echo 3; [[ -v a[5] ]] || echo 4; declare -A m=([k]=); [[ -v m[k] ]] && echo 5; set -e; [[ -o errexit ]] && echo 6
#=== arithmetic command
((1)) && echo t; ((0)) || echo f; ((x=3, y=x*2)); echo $x $y; ((x>2 && y>5)) && echo both; ((1/0)); echo $?; while ((x--)); do echo $x; done; if ((y==6)); then echo six; fi
#=== eval
x='echo $y'; y=1; eval $x; eval 'for i in 1 2; do echo $i; done'; eval "a=5; echo \$a"; eval; echo $?; eval false; echo $?; eval 'echo )'; echo $?; eval "exit 3"; echo no
#=== source
echo 'echo in $1 $#; x=sourced; return 4; echo no' > lib.sh; . ./lib.sh a b; echo $? $x; set -- p; source ./lib.sh; echo $1; . ./nofile; echo $?; source; echo $?
#=== exec
(exec echo replaced; echo no); (exec nosuchcmd; echo no); echo $?; exec 3>&1; echo to3 >&3; (exec > f; echo infile); cat f
#=== exit
(exit); echo $?; (false; exit); echo $?; (exit 256); echo $?; (exit -1); echo $?; (exit abc); echo $?; exit 9; echo no
#=== command not found
nosuchcmd; echo $?; ./nosuch; echo $?; /etc; echo $?; echo > noexec; ./noexec; echo $?; "" ; echo $?; ' '; echo $?; nosuchcmd | cat; nosuchcmd 2>/dev/null || echo caught
#=== scripts
printf '#!/bin/bash\necho "script $0 $# $1"; exit 5\n' > s.sh; bash s.sh a b; echo $?; printf 'echo plain $1\n' > p.sh; bash ./p.sh x; bash nofile.sh; echo $?; bash /; echo $?
#=== dash c
bash -c 'echo $0 $1 $#' zero one two; bash -c 'echo $0'; bash -c 'exit 6'; echo $?; bash -c 'nosuchcmd'; bash -c 'nosuchcmd' name; bash -c; echo $?; bash -c 'echo )'; echo $?
#=== dash s
echo 'echo "stdin $1 $#"; nosuchcmd' | bash -s a b; echo 'echo x; exit 3; echo y' | bash; echo $?; printf 'read x\nvalue\necho "<$x>"\n' | bash; printf 'if true\nthen\necho multi\nfi\n' | bash
#=== invocation options
bash -ec 'false; echo no'; echo $?; bash -xc 'echo a "b c"' 2>&1; bash -uc 'echo $nope; echo no'; echo $?; bash -o pipefail -c 'false | true'; echo $?; bash +e -c 'false; echo yes'; bash -O nullglob -c 'echo zz*'; bash --norc --noprofile -c 'echo ok'; bash -n -c 'echo no'; bash -Z; echo $?
#=== environment
X=1 bash -c 'echo $X'; export Y=2; bash -c 'echo $Y'; Z=3; bash -c 'echo [$Z]'; Y=4 bash -c 'echo $Y'; echo $Y; X=5 eval 'echo $X'; echo [$X]; f() { echo $V; bash -c 'echo $V'; }; V=6 f; echo [$V]; export -n Y; bash -c 'echo [$Y]'
#=== temporary assignments
x=1; x=2 true; echo $x; x=3 :; echo $x; x=4 y=$x; echo $x $y; a=1 b=$a c=$b; echo $a$b$c; IFS=: read p q <<< 'm:n'; echo $p-$q; echo "[$IFS]" | head -c 3
#=== background and wait
sleep 0.2 & p=$!; wait $p; echo $?; (exit 3) & wait $!; echo $?; (sleep 0.1; echo late) & echo early; wait; for i in 1 2 3; do (exit $i) & done; wait; echo $?; wait 999999; echo $?; wait %9; echo $?
#=== wait n
(sleep 0.3; exit 3) & (sleep 0.1; exit 1) & (sleep 0.2; exit 2) & wait -n; echo $?; wait -n; echo $?; wait -n; echo $?; wait -n; echo $?
#=== kill
sleep 5 & kill $!; wait $!; echo $?; sleep 5 & kill -9 $! ; wait $! 2>/dev/null; echo $?; sleep 5 & kill -INT %1; kill -s TERM %1; wait; kill -0 $$; echo $?; kill 2>&1; echo $?; kill -l 15; kill -l TERM; kill -l 143; kill -FOO $$; echo $?; kill abc; echo $?
#=== jobs
sleep 1 & sleep 2 & jobs; jobs -p | wc -l; jobs -r | wc -l; kill %1 %2; wait 2>/dev/null; echo done; disown %7; echo $?
#=== traps
trap 'echo bye $?' EXIT; trap 'echo usr' USR1; kill -USR1 $$; trap; trap - USR1; trap -p USR1; (echo sub); f() { trap 'echo f' RETURN; }; exit 4
#=== trap in subshell
trap 'echo outer' EXIT; (trap 'echo inner' EXIT; echo in); ( : ); x=$(trap 'echo captured' EXIT); echo "[$x]"; bash -c 'trap "echo child" EXIT; exit 2'; echo $?
#=== trap exit status
bash -c 'trap "exit 5" EXIT; exit 3'; echo $?; bash -c 'trap "false" EXIT; exit 3'; echo $?; bash -c 'trap "echo term; exit 7" TERM; kill $$; echo no'; echo $?; bash -c 'trap "" TERM; kill $$; echo survived'; bash -c 'trap "echo e" EXIT; kill $$; echo no'; echo $?
#=== trap err
trap 'echo "err $? $BASH_COMMAND"' ERR; false; (exit 3); true; if false; then :; fi; false || true; ! true; f() { false; }; f; trap - ERR; false; echo end
#=== trap debug
x=0; trap 'x=$((x+1))' DEBUG; :; :; trap - DEBUG; echo $x
#=== trap wait
trap 'echo got' USR1; (sleep 0.1; kill -USR1 $$) & sleep 0.3; wait; (sleep 0.1; kill -USR1 $$) & p=$!; sleep 1 & wait $!; echo $?
#=== lineno
echo $LINENO
echo $LINENO; f() {
  echo $LINENO
}
f
nosuchcmd
eval 'echo $LINENO'
#=== funcname
f() { echo ${FUNCNAME[@]} ${#FUNCNAME[@]} $FUNCNAME; g; }; g() { echo ${FUNCNAME[*]} ${BASH_LINENO[*]}; caller; caller 0; caller 1; }; f; echo [$FUNCNAME] ${BASH_SOURCE##*/} ; caller; echo $?
#=== seconds
SECONDS=0; sleep 1.1; echo $((SECONDS >= 1 && SECONDS < 4)); SECONDS=100; echo $((SECONDS >= 100)); r=$RANDOM; echo $((r >= 0 && r < 32768)); echo $((EPOCHSECONDS > 1000000000))
#=== command builtin
command echo a; command -v cd; command -v nosuch; echo $?; f() { echo f; }; command -v f; command f 2>/dev/null; echo $?; cd() { echo mine; }; command cd /; builtin cd /; builtin nosuch; echo $?; command -V cd; type cd; type -t cd if f nosuch cat; type nosuch; echo $?
#=== type functions
f() { echo a; if true; then echo b; fi; }; type f; type -t f; declare -f f; declare -F f; declare -F nosuch; echo $?
#=== alias in script
alias hi='echo hello'; hi; echo $?; shopt -s expand_aliases
alias hi='echo hello'
hi there; alias ll='hi -l '
ll hi; unalias hi; hi 2>/dev/null; echo $?; alias; unalias nosuch; echo $?; alias nosuch; echo $?
#=== printf reuse
printf '%s-%s\n' a b c; printf '%s\n'; printf 'no args\n' x y; printf '%d %5d|%-5d|%05d\n' 1 2 3 4; printf '%x %X %o %#x\n' 255 255 8 255; printf '%c%c\n' abc def; printf '%%\n'; printf '%5s|%-5s|%.2s\n' ab cd efgh
#=== printf numbers
printf '%d\n' 0x1f 010 "'A" -5 +3 ''; printf '%.2f %5.1f %e %g\n' 3.14159 2.55 12345.678 0.0001; printf '%i\n' 12abc; echo $?; printf '%d\n' abc; echo $?; printf '%*d|%-*d|\n' 5 1 5 2; printf '%+d % d\n' 5 5; printf '%s\n' "$(printf '%d' 9223372036854775807)"; printf '%u\n' -1
#=== printf escapes
printf 'a\tb\n'; printf '%b\n' 'a\tb\x41'; printf '%q\n' 'a b' "it's" '' '$x' $'a\nb' 'a~' '~a' 'é'; printf -v x '%03d' 7; echo $x; printf -v 'a[2]' hi; echo ${a[2]}; printf '\101\x42\n'; printf 'x\cy\n'; echo; printf '%b' 'x\cy'; echo; printf '%(%Y)T\n' 0; printf -- '-x\n'; printf; echo $?; printf '%z\n' 2>/dev/null; echo $?
#=== echo options
echo -n a; echo -e 'b\tc\n\x41\0101\u20ac'; echo -E 'a\tb'; echo -ne 'x\n'; echo -x; echo - -n; echo -e 'a\cb'; echo; echo -- a; echo "-n"
#=== errexit basics
bash -c 'set -e; false; echo no'; echo $?; bash -c 'set -e; false || true; echo yes'; bash -c 'set -e; if false; then :; fi; ! true; false && true; echo yes'; bash -c 'set -e; (false); echo no'; echo $?; bash -c 'set -e; x=$(false); echo no'; echo $?; bash -c 'set -e; echo $(false); echo yes'
#=== errexit functions
bash -c 'set -e; f() { false; echo in; }; f || echo caught; f; echo no'; echo $?; bash -c 'set -e; f() { false; echo in; }; if f; then echo ok; fi; echo end'; bash -c 'set -e; f() { local x=$(false); echo masked; }; f'; bash -c 'set -e; { false; echo a; } && echo b; echo c'
#=== errexit pipes and subshells
bash -c 'set -e; false | true; echo yes'; bash -c 'set -eo pipefail; false | true; echo no'; echo $?; bash -c 'set -e; (false; echo x) || echo y; (exit 3); echo no'; echo $?; bash -c 'set -e; while false; do :; done; until true; do :; done; echo yes'; bash -c 'set -e; ((0)); echo no'; echo $?; bash -c 'set -e; [[ a == b ]]; echo no'; echo $?; bash -c 'set -e; let 0 || true; true && false; echo yes'
#=== errexit more
bash -c 'set -e; trap "echo trap" EXIT; false; echo no'; echo $?; bash -c 'set -e; nosuchcmd; echo no' 2>/dev/null; echo $?; bash -c 'set -e; x=1; readonly x; : ; echo yes'; bash -c 'set -e; eval false; echo no'; echo $?; bash -c 'set -e; for i in 1; do false; done; echo no'; echo $?; bash -c 'set -e; case a in a) false;; esac; echo no'; echo $?; bash -c 'set -e; set +e; false; echo yes'; bash -c 'set -e; false & wait $!; echo no'; echo $?
#=== nounset
bash -c 'set -u; echo ${x-d} ${x:-d} "$@" $# "${a[@]}"; echo $x; echo no'; echo $?; bash -c 'set -u; echo $1'; bash -c 'set -u; x=; echo [$x]'; bash -c 'set -u; a=(1); echo ${a[1]}'; bash -c 'set -u; echo $((x+1))'; bash -c 'set -u; [[ $x ]]'; (set -u; echo $nope; echo no); echo $?
#=== xtrace
exec 2>&1; set -x; echo a "b c" ''; x=5 y='a b'; x=1 true; for i in 1 2; do :; done; if [ a = b ]; then :; fi; case x in x) :;; esac; [[ a == b* ]]; ((1+1)); echo $(echo sub); f() { echo f; }; f arg; a=(1 2); set +x
#=== verbose and ps4
PS4='> '; set -x; echo one; PS4='$((1+1)): '; echo two; set +x 2>/dev/null
#=== set options
set -o | head -n 3; set -o noglob; echo * $-; set +o noglob; set -euo pipefail; echo $- $SHELLOPTS; set +e; shopt -s extglob; shopt extglob; shopt -q nullglob; echo $?; shopt -p extglob; shopt -s nosuchopt; echo $?; set -o nosuch; echo $?; set -Z; echo $?
#=== set positional
set a b c; echo $# $1; set -- -x -y; echo $1 $2; set --; echo $#; set - q; echo $1; set -e -- z; echo $1; set +e; set "a b" c; echo "$1"; shift; echo $1; shift 5; echo $?; shift -1; echo $?; shift abc; echo $?
#=== syntax errors
echo before
if true; then
echo unfinished
#=== syntax error token
echo one
echo two; )
echo three
#=== syntax errors in eval
for s in 'fi' 'if' 'echo a | | b' 'a &&& b' 'echo (a)' 'for x' '{ a' 'echo "abc' 'case x in' 'f() a' '[[ -f a ]] x' ';' '&' 'echo >' ';;' 'while; do' 'do' '( )' 'echo $(' 'echo ${x'; do eval "$s"; echo "$? <$s>"; done 2>&1
#=== unterminated quote
echo one
echo "two
#=== many functions
a() { b "$@"; }; b() { c "$1" two; }; c() { echo "$#:$*"; }; a one; f() { f() { echo second; }; echo first; }; f; f
#=== deep recursion ends
FUNCNEST=10; g() { g; }; g; echo $?
#=== nested substitutions
x='echo 0'; for i in 1 2 3 4 5 6 7 8 9 10; do x="echo \$($x)"; done; eval "$x" | head -c 10; echo $(echo $(echo $(echo $(echo $(echo deep)))))
