#=== simple words
echo a   b "c  d" 'e  f' g\ h
#=== empty and unset
x=; echo "[$x]" "[$y]" [$x] [${x:-d}] [${x-d}] [${y-d}] [${y:-d}] [${x:+s}] [${x+s}] [${y+s}]
#=== assign default
echo ${x:=5} $x ${x:=6}; unset y; echo ${y=7} $y; z=; echo "[${z=8}]" ${z:=9}
#=== error if unset
(echo ${x:?gone away}); echo $?; (echo ${x?}); echo $?; (y=; echo ${y:?}); echo $?
#=== length
x=hello; echo ${#x} ${#} ${#@}; set -- a bb ccc; echo ${#} ${#@} ${#*} ${#1} ${#3}; a=(x yy zzz); echo ${#a} ${#a[@]} ${#a[2]}
#=== unicode length
x='héllo wörld €'; echo ${#x} ${x:1:1} ${x: -1} ${x^^}
#=== remove prefix
x=/usr/local/lib/libfoo.so.1; echo ${x#/} ${x#*/} ${x##*/} ${x%/*} ${x%%/*} ${x%.*} ${x%%.*} ${x#nomatch}
#=== remove with patterns
x=aabbcc; echo ${x#a} ${x##a*b} ${x#?} ${x%[bc]} ${x%%[bc]*} ${x#[!b]} ${x##+(a)}
#=== quoted pattern
x='a*b*c'; p='*'; echo "${x#*"*"}" "${x#a$p}" "${x#a"$p"}" "${x%'*'*}" "${x//\*/+}" "${x//"$p"/-}" "${x//$p/-}"
#=== replace
x=foobarfoo; echo ${x/foo/X} ${x//foo/X} ${x/#foo/X} ${x/%foo/X} ${x/o/} ${x//o} ${x/z/y} ${x//[fb]/_} ${x/f*r/-}
#=== replace ampersand
x=abc; echo ${x/b/[&]} ${x/b/\&} "${x/b/"&"}" ${x//?/<&>}; r='&&'; echo ${x/b/$r} ${x/b/"$r"}
#=== replace slashes
p=a/b/c; echo ${p//\//.} ${p////-} "${p/\//::}" ${p//'/'/_}
#=== substring
x=abcdefgh; echo ${x:2} ${x:2:3} ${x: -3} ${x: -3:2} ${x:1:-1} ${x:(-4)} ${x:20} "[${x:8}]" ${x:0:0}end
#=== substring arithmetic
x=abcdefgh; i=2; echo ${x:i} ${x:$i:2} ${x:i+1:i} ${x:$((i*2))} ${x: i ? 1 : 2 }
#=== case change
x=hELLO; echo ${x^} ${x^^} ${x,} ${x,,} ${x^^[el]} ${x,,[EL]} ${x~} ${x~~}; y='ab cd'; echo "${y^}" "${y^^c}"
#=== positional slices
set -- a b c d e; echo "${@:2}" "|" "${@:2:2}" "|" "${@: -2}" "|" "${@:0:2}" "|" "${*:4}"
#=== positional beyond nine
set -- 1 2 3 4 5 6 7 8 9 ten eleven; echo $10 ${10} ${11} $#; shift 9; echo $1 $#
#=== at and star
set -- "a b" c ""; for x in $@; do echo "<$x>"; done; for x in "$@"; do echo "[$x]"; done; for x in "$*"; do echo "{$x}"; done; for x in $*; do echo "($x)"; done
#=== at with text around
set -- 1 2 3; for x in "pre$@post"; do echo "<$x>"; done; set --; for x in "pre$@post"; do echo "<$x>"; done; for x in "$@"; do echo no; done; echo end
#=== star with ifs
set -- a b c; IFS=-; echo "$*"; echo $*; IFS=; echo "$*"; unset IFS; echo "$*"; IFS=:; x="$*"; echo $x; echo "$x"
#=== word splitting
x='  a  b	c
d '; for w in $x; do echo "<$w>"; done; IFS=:; x=':a::b:'; for w in $x; do echo "<$w>"; done
#=== splitting mixed ifs
IFS=' :'; x=' a : b :: c '; for w in $x; do echo "<$w>"; done
#=== splitting with neighbours
x='a b'; for w in 1$x2 1${x}2 "1$x"2 1"$x"2; do echo "<$w>"; done
#=== quoted empty
f() { echo $#; }; f "" '' "$nothing" $nothing ""$nothing; f $nothing; x=; f "$x$x" $x$x
#=== default with spaces
f() { for a; do echo "<$a>"; done; }; f ${x:-a b} "${x:-a b}" ${x:-"a b"} ${x:-'a b' c} "${x:-"a b"}" "${x:-'a b'}"
#=== nested default
a=1; echo ${x:-${y:-${a}}} ${x:-$(echo sub)} ${x:-$((1+1))} "${x:-"${y:-q r}"}"
#=== indirect
a=b; b=c; echo ${!a} ${!a:-no}; p=HOME2; HOME2=/h; echo "${!p}"; n=2; set -- x y; echo ${!n}; arr=(1 2 3); r='arr[1]'; echo ${!r}; r='arr[@]'; echo "${!r}"
#=== indirect names
pre_a=1 pre_b=2 pre_c=3; echo ${!pre_*}; echo "${!pre_@}"; for n in "${!pre_@}"; do echo $n; done
#=== bad indirect
(echo ${!nope}) ; echo $?; x='a b'; (echo ${!x}); echo $?
#=== bad substitution
echo ${a b}; echo not reached
echo next $?
#=== quote transforms
x="it's \$5"; echo ${x@Q}; y=$'tab\there'; echo "${y@Q}"; echo "${x@U}" "${x@L}" "${x@u}"; z='a\tb'; echo "${z@E}"; echo ${nope@Q}end
#=== transform arrays
a=('x y' z); echo "${a[@]@Q}"; echo ${a[@]@A}; declare -A m=([k]=v); echo "${m[@]@A}"; declare -i n=4; echo ${n@A} ${n@a} ${a@a} ${m@a}
#=== prompt transform
p='\$ [\\]'; echo "${p@P}" | tr -d '#'
#=== braces
echo a{b,c}d {1..5} {5..1} {01..10..3} {a..e} {e..a..2} x{,y} {a,b}{1,2} {a,{b,c}d} {} {a} {a,b
#=== brace escapes
echo {a\,b,c} "{a,b}" {'a,b',c} \{a,b} {a,b}\} ${x:-{a,b}} $'{a,b}'
#=== brace negative
echo {-2..2} {2..-2..2} {1..3..0} {0..10..5} {001..3} {-01..1} {a..C} 2>&1 | head -c 100
#=== brace with variables
n=3; echo {1..$n} {$n,4}; a=x; echo {$a,b}$a
#=== tilde
cd /; HOME=/home/me; echo ~ ~/x "~" '~' a~ ~+/y; x=~/bin:~/sbin; echo $x; echo x=~; PATH2=a:~ ; echo $PATH2; echo ~nosuchuser/x \~
#=== command substitution
echo $(echo a; echo b) "$(echo a; echo b)" `echo back` $(echo "q)" ')') $(echo $(echo nested $(echo deep)))
#=== substitution trailing newlines
x=$(printf 'a\n\n\n'); echo "[$x]"; x=$(printf '\n\na'); echo "[$x]"; x=$(:); echo "[$x]"
#=== backquotes nested
echo `echo a \`echo b\` c` "`echo "x y"`"  `echo '\\'` `echo \$HOME | head -c 1`
#=== substitution status
x=$(exit 3); echo $?; echo $(exit 4) $?; y=$(true) z=$(false); echo $?; local_=$(exit 5) true; echo $?
#=== substitution with case
x=$(case a in a) echo one;; (b) echo two;; esac); echo $x; y=$(echo 1 # comment )
); echo $y
#=== substitution with heredoc
x=$(cat <<E
in ( here ' doc
E
); echo "$x"
#=== file substitution
printf 'l1\nl2\n\n' > f; echo "$(< f)"; echo $(<f); x=f; echo "[$(< $x)]"; echo "[$(< nope)]"; echo $?
#=== arithmetic
x=5; echo $((1+2*3)) $(( (1+2)*3 )) $((x)) $((x+1)) $(($x**2)) $((7/2)) $((-7/2)) $((7%3)) $((-7%3)) $((1<<4)) $((0xff)) $((010)) $((2#101)) $((16#fF)) $((36#z))
#=== arithmetic logic
echo $((1&&0)) $((1||0)) $((!5)) $((~5)) $((5&3)) $((5|3)) $((5^3)) $((3>2)) $((3<=2)) $((1==1)) $((1!=1)) $((1?2:3)) $((0?2:3)) $((1,2))
#=== arithmetic assignment
x=5; echo $((x+=3)) $x $((x++)) $x $((++x)) $x $((x--)) $((--x)) $((x*=2)) $((x/=3)) $((x%=3)) $((x<<=3)) $((x|=1)) $((x^=3)) $((x&=6)) $x
#=== arithmetic precedence
echo $((2+3*4**2)) $((-2**2)) $((2**3**2)) $((1+1==2)) $((10-2-3)) $((100/10/2)) $((1<2==1)) $((!0+1)) $((5-+3)) $((5- -3))
#=== arithmetic overflow
echo $((9223372036854775807+1)) $((1<<63)) $((1<<64)) $((-9223372036854775808-1)) $((9**9**9)) $((99999999999999999999)) $((-9223372036854775808/-1)) $((2**63))
#=== arithmetic recursion
a=b; b=c; c=7; echo $((a)) $((a+1)); x='1+2'; echo $((x*3)) $(($x*3)); y=; echo $((y+1)) $((nope+1))
#=== arithmetic arrays
a=(3 4 5); i=1; echo $((a[0]+a[i])) $((a[i+1])) $((a[i]++)) ${a[1]} $((a[9]=8)) ${a[9]}; declare -A m=([k]=6); echo $((m[k]*2)) $((m["k"]+1))
#=== arithmetic short circuit
x=1; echo $((0 && x++)) $x $((1 || x++)) $x $((1 ? 5 : x++)) $x $((0 && 1/0)) $((1 || 1/0))
#=== arithmetic errors
echo $((1/0)); echo not
echo $((5 % 0))
echo $((1+))
echo $((a b))
echo $((08))
echo $((3#5))
echo $((2**-1))
echo $((1 ? 2))
echo $((1.5))
echo after $?
#=== old arithmetic
echo $[1+2] $[ 3 * 4 ]; let 'x = 3 + 4' y=x*2; echo $x $y $?; let 0; echo $?; let x=0; echo $?; ((x=5)); echo $x; ((0)); echo $?; ((3>2)) && echo yes
#=== glob
: > a.txt; : > b.txt; : > c.md; : > .hidden; echo *; echo *.txt; echo ?.md; echo [ab].*; echo [!ab].*; echo nomatch*; echo "*"; echo \*; echo .h*; x='*.md'; echo $x "$x"
#=== glob braces and dirs
: > x1; : > x2; echo {x,y}[12] x{1,2} ./x*; cd /; echo et[c]
#=== glob options
: > a; : > .b; shopt -s nullglob; echo n*pe [z]*; shopt -u nullglob; shopt -s dotglob; echo *; shopt -u dotglob; set -f; echo *; set +f; shopt -s failglob; echo zz*; echo after
#=== extglob
shopt -s extglob
: > foo.c; : > bar.c; : > baz.h; echo !(*.c); echo @(foo|bar).c; echo ba?(r|z).*; echo +([a-z]).c; echo *(q)bar.c
#=== extglob in parameter
x=aaabbb; echo ${x##+(a)} ${x%%+(b)} ${x//+(a|b)/-} ${x/@(ab|ba)/X}; shopt -s extglob; echo ${x##*(a)}; echo ${x##+(a)} ${x%%+(b)} ${x//+(a|b)/-} ${x/@(ab|ba)/X}
#=== escaped glob results
: > 'a b'; : > 'c*d'; for f in *; do echo "<$f>"; done; x='c\*d'; echo $x; x='c\*'; echo $x; echo 'c*'*
#=== heredoc
x=v; cat <<E
plain $x ${x} $(echo sub) `echo bq` $((1+1)) \$x \\ \a "q" 'q'
E
cat <<'E'
raw $x $(echo) \$x \\
E
cat <<-E
	tab stripped $x
		two
	E
cat <<"E"
also raw $x
E
#=== heredoc join
cat <<E
one \
line
E
cat <<'E'
two \
lines
E
#=== heredoc several
cat <<A; cat <<B
a
A
b
B
cat <<A | tr a-z A-Z
piped
A
#=== heredoc in function and loop
f() { cat <<E
arg $1
E
}; f x; f y; for i in 1 2; do cat <<E
i=$i
E
done
#=== heredoc end of file
cat <<E
no end
#=== here string
cat <<< "a  b $((1+1))"; x='1 2'; cat <<< $x; cat <<<'lit $x'; tr a-z A-Z <<< word; read a b <<< "x y z"; echo $a/$b
#=== dollar single
echo $'a\tb\\n' $'\x41\101\u20ac\e[0m' $'it\'s' "$'x'" | cat -v 2>/dev/null || true
#=== locale quotes
x=1; echo $"hello $x"
#=== line continuation
echo a\
b c \
d; echo "x\
y" 'x\
y'
#=== comments
echo a # b
echo a#b '#' "#" # c
# whole line
echo ${x:-#} $#
#=== quoted parts
echo a"b"'c'\d$'e' "a'b" 'a"b' "a\"b" "\a\$\`\\" "\
"end
#=== process substitution
cat <(echo one) <(echo two); while read l; do echo "<$l>"; done < <(printf '1\n2\n'); echo x > >(cat >out); sleep 0.1; cat out
#=== process substitution names
echo <(:) | tr -d 0-9; [ -e <(:) ] && echo exists; f() { cat "$1"; }; f <(echo via function)
#=== underscore variable
echo a b c; echo $_; true x y; echo $_; : $_
#=== special parameters
set -- a b; echo $# $? $- | tr -d 'H'; echo ${#?} ${#-} | tr -d '0-9'; false; echo $?; [ $$ = $BASHPID ] && echo same; (echo $(( $$ == BASHPID )))
