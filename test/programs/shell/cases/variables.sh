#=== arrays
a=(a "b c" d); echo ${a[0]} "${a[1]}" ${#a[@]} ${a[-1]} ${!a[@]}; a[5]=f; echo ${!a[@]} ${#a[@]} "${a[@]}"; a+=(g h); echo ${!a[@]}; unset 'a[1]'; echo "${a[@]}" ${#a[@]}; echo $a ${a[9]:-none}
#=== array assignment forms
a=([3]=x y [1]=z w); echo ${!a[@]} "${a[@]}"; a[2]+=more; a[1]+=1; echo "${a[@]}"; b=("${a[@]}"); echo ${!b[@]}; c=(); echo ${#c[@]}; c+=x; echo ${c[@]}; d=x; d+=(y); echo ${d[@]}
#=== array slices
a=(0 1 2 3 4 5); echo ${a[@]:2} - ${a[@]:1:2} - ${a[@]: -2} - ${a[@]:0:1}; a[10]=ten; echo ${a[@]:5} - ${a[@]:6:1}; set -- "${a[@]:1:2}"; echo $#
#=== array operations
a=(foo.txt bar.txt); echo ${a[@]%.txt} ${a[@]/o/0} ${a[@]^} ${a[@]#*.} "${a[*]}"; IFS=,; echo "${a[*]}" ${a[*]}
#=== array loops
a=("x y" z); for i in "${a[@]}"; do echo "<$i>"; done; for i in ${a[@]}; do echo "[$i]"; done; for i in "${!a[@]}"; do echo $i=${a[i]}; done
#=== array from command
a=($(echo 1 2 3)); echo ${#a[@]}; a=("$(echo 1 2 3)"); echo ${#a[@]}; IFS=:; a=($(echo 1:2:3)); echo ${a[1]}; : > f1; : > f2; unset IFS; a=(f*); echo ${a[@]}
#=== associative arrays
declare -A m; m[a]=1; m["b c"]=2; m[d]=3; echo ${m[a]} "${m[b c]}" ${#m[@]}; k=a; echo ${m[$k]}; unset 'm[a]'; echo ${#m[@]}; echo ${!m[@]}; m+=([e]=5 [f]=6); for k in "${!m[@]}"; do echo "$k=${m[$k]}"; done; [[ -v m[e] ]] && echo yes
#=== associative order
declare -A m; for i in {1..30}; do m[key$i]=$i; done; echo ${!m[@]}; echo ${m[@]}; declare -A pods=([web]=3 [db]=1 [cache]=2 [worker]=5); for p in "${!pods[@]}"; do echo $p ${pods[$p]}; done
#=== associative forms
declare -A m=([a]=1 [b]="x y"); declare -p m; declare -A n=(k v k2 v2); echo ${n[k]} ${n[k2]}; m[a]+=2; echo ${m[a]}; x='a'; m[$x]=new; echo ${m[a]}; m=(); echo ${#m[@]}; declare -A q; q[$(echo c)]=sub; echo ${q[c]}; ((q[n]++)); ((q[n]+=5)); echo ${q[n]}
#=== negative index
a=(1 2 3); echo ${a[-1]} ${a[-3]}; a[-1]=x; echo ${a[@]}; echo ${a[-5]}; unset 'a[-1]'; echo ${a[@]}; a[-9]=1; echo $?
#=== declare print
x='a b'; declare -p x; declare -i n=5; declare -p n; declare -r r=1; declare -p r; export e=2; declare -p e; a=(1 'b"c'); declare -p a; declare -p nosuch; echo $?; declare -l lo=ABC; declare -u up=abc; echo $lo $up; declare -p lo up; declare u; declare -p u
#=== integer attribute
declare -i n; n=3+4; echo $n; n+=5; echo $n; n=abc; echo $n; n='2*3'; echo $n; declare +i n; n=1+1; echo $n; declare -i a=(1+1 2*3); echo ${a[@]}
#=== readonly
readonly r=1; r=2; echo not
echo $? $r; readonly r; unset r; echo $?; declare -r d=5; d=6
echo $d; (r=3; echo no); echo $?; f() { local r=2; }; f; echo $?; readonly -p | head -n 0; readonly a=(1 2); a[0]=5
echo ${a[0]}
#=== nameref
x=1; declare -n ref=x; echo $ref; ref=2; echo $x; f() { local -n out=$1; out=set; }; f y; echo $y; a=(1 2); declare -n ra=a; echo ${ra[1]} ${#ra[@]}; ra+=(3); echo ${a[@]}; echo ${!ref}; unset -n ref; echo $x; unset ra; echo ${a[@]}end
#=== local attributes
f() { local -i n=2+2; local -a a=(1 2); local -A m=([k]=v); local -r c=5; echo $n ${a[@]} ${m[k]} $c; local u; echo [${u-unset}]; }; f; echo [$n]; local x; echo $?
#=== local scoping
x=g; f() { local x; x=f; g; echo f:$x; unset x; echo unset:[$x]; }; g() { x=fromg; }; f; echo $x; h() { local x=1; i; }; i() { local x=2; unset x; echo ${x-none}; }; h
#=== declare in function
f() { declare v=1; declare -g w=2; }; f; echo [$v] [$w]; g() { export ex=3; readonly ro=4; }; g; echo $ex $ro
#=== unset
x=1; unset x; echo ${x-unset}; unset nosuch; echo $?; f() { :; }; unset f; type f 2>/dev/null; echo $?; a=(1 2); unset a; echo ${#a[@]}; x=1; unset -v x; unset -f x; echo $?; unset '1a'; echo $?
#=== export
export A=1 B; B=2; bash -c 'echo $A $B'; export -p | grep -c 'declare -x A='; export C=(1 2); bash -c 'echo [$C]'; export 1bad=2; echo $?; f() { echo exported; }; export -f f; bash -c f; declare -x D=4; bash -c 'echo $D'
#=== read
printf 'one two three\nnext\n' > f; { read a b; read c; } < f; echo "$a|$b|$c"; read x < /dev/null; echo $? [$x]; printf 'no newline' | { read x; echo "$? $x"; }; echo 'a\tb\\c' | { read x; echo "$x"; }; echo 'a\tb\\c' | { read -r x; echo "$x"; }; echo REPLYtest | { read; echo $REPLY; }
#=== read splitting
echo '  lead  trail  ' | { read x; echo "[$x]"; }; echo 'a:b::c:' | { IFS=: read a b c d; echo "$a|$b|$c|$d"; }; echo 'a b c' | { read a; echo "$a"; }; echo ' x ' | { IFS= read -r l; echo "[$l]"; }; echo 'a  b' | { read -a arr; echo ${#arr[@]} ${arr[1]}; }; echo 'x,y' | { IFS=, read -ra p; echo ${p[1]}; }; echo 'a:' | { IFS=: read x y; echo "[$x][$y]"; }; echo 'a::' | { IFS=: read x y; echo "[$x][$y]"; }; echo 'a:b:c' | { IFS=: read x y; echo "[$x][$y]"; }
#=== read options
printf 'abc:def' | { read -d : x; echo $x; read -n 2 y; echo $y; read -N 1 z; echo $z; }; printf 'a\0b\0' | { while IFS= read -r -d '' l; do echo "<$l>"; done; }; exec 4<<< 'four'; read -u 4 q; echo $q; echo x | { read -t 1 t; echo $t; }; sleep 1 | { read -t 0.1 t; echo $(($? > 128)); }; read -x; echo $?; read 1a <<< x; echo $?; echo 'a\
b' | { read x; echo $x; }
#=== read loop
printf 'a 1\nb 2\nc 3' > f; while read -r k v; do echo "$v-$k"; done < f; while read -r l || [ -n "$l" ]; do echo $l; done < f; n=0; while read; do n=$((n+1)); done < f; echo $n
#=== mapfile
printf '1\n2\n3\n' > f; mapfile -t a < f; echo ${#a[@]} ${a[2]}; mapfile a < f; echo "${a[0]}end"; readarray -t -n 2 b < f; echo ${b[@]}; mapfile -t -s 1 c < f; echo ${c[@]}; mapfile -t -O 5 d < f; echo ${!d[@]}; mapfile -d : -t e <<< 'x:y'; echo ${e[0]}; mapfile -t < f; echo ${MAPFILE[1]}; mapfile -t g < <(printf 'p\nq'); echo ${#g[@]}
#=== getopts
f() { OPTIND=1; while getopts 'ab:c' o; do case $o in a) echo A;; b) echo "B=$OPTARG";; c) echo C;; ?) echo "bad";; esac; done; shift $((OPTIND-1)); echo "rest: $*"; }; f -a -b val -c x y; f -ab val; f -bval -ca; f -z; f -b; f -- -a; f x -a
#=== getopts silent
f() { local OPTIND OPTARG o; while getopts ':a:b' o; do case $o in :) echo "missing $OPTARG";; \?) echo "unknown $OPTARG";; *) echo "$o $OPTARG";; esac; done; }; f -a; f -q; f -a 1 -b; getopts; echo $?
#=== cd and pwd
mkdir_() { :; }; cd /; pwd; echo $PWD $OLDPWD | head -c 1; cd /etc; cd - ; pwd; cd /etc/../etc/./; pwd; cd nosuch; echo $?; cd /etc/passwd; echo $?; cd a b; echo $?; HOME=/; cd; pwd; unset HOME; cd; echo $?; cd ''; echo $?; CDPATH=/; cd etc; cd -P /; pwd; cd -X; echo $?
#=== pushd and popd
cd /; pushd /etc; pushd /tmp; dirs; dirs -v; popd; popd; popd; echo $?; pushd; echo $?; pushd /nosuch; echo $?; pushd /etc >/dev/null; pushd; dirs -p; pushd +1; popd +1; dirs -c; dirs; echo ~-  | head -c 1
#=== umask
umask 022; umask; umask -S; umask 077; umask; umask u=rwx,g=rx,o=; umask; umask g+w; umask -S; umask 999; echo $?; umask xyz; echo $?; umask -p
#=== hash and type
hash -r; hash; type -a echo | head -n 1; hash nosuch; echo $?; hash cat; hash -t cat >/dev/null && echo hashed; command -v cat >/dev/null; echo $?
#=== let
let a=1 b=a+1 'c = b * 3'; echo $a $b $c; let; echo $?; let 1/0; echo $?; let 'x=='; echo $?; let x++; echo $x; let "x <<= 3"; echo $x
#=== enable
enable -n echo; type -t echo; enable echo; type -t echo; enable nosuch; echo $?; enable | head -n 2
#=== times and ulimit
times | wc -l; ulimit -n > /dev/null && echo ok; ulimit -c; ulimit -Q; echo $?
#=== proto names
__proto__=1; constructor=2; echo $__proto__ $constructor ${toString-unset} ${hasOwnProperty-unset}; declare -A m; m[__proto__]=x; m[constructor]=y; echo ${m[__proto__]} ${m[toString]-none} ${#m[@]}; a=(1); echo ${a[0]}; __proto__() { echo f; }; __proto__; unset __proto__; echo ${__proto__-gone}; alias __proto__=x; toString 2>/dev/null; echo $?
#=== append
x=a; x+=b; echo $x; x+=$x; echo $x; declare -i n=1; n+=1; echo $n; a=(1); a+=2; echo ${a[@]}; a[0]+=x; echo ${a[@]}; unset y; y+=new; echo $y; export E=1; E+=2; bash -c 'echo $E'
#=== ifs default
unset IFS; x='a b	c'; set -- $x; echo $#; IFS=$'\n'; y=$'l 1\nl 2'; set -- $y; echo $# "$1"; IFS=; set -- $y; echo $#; IFS=x; z=axbxc; echo $z "$z"
#=== string escapes in assignment
a="x\"y" b='x"y' c=x\"y d=$'x"y'; echo $a $b $c $d; e=a\ b; echo "$e"; f="$(echo "in $a")"; echo "$f"; g=`echo "bq $b"`; echo "$g"; h="${a}${b}"; echo $h; i=$a$b"$c"'d'; echo $i
#=== compgen
compgen -W 'apple banana apricot' ap; compgen -W 'a b' z; echo $?; f() { COMPREPLY=(x y); }; complete -F f cmd; complete -p cmd; complete -r cmd; complete -p cmd; echo $?; complete -o default -F __start_kubectl k; complete -p k; compgen -A function f; compopt -o nospace; echo $?; compgen -b | grep -c '^cd$'; compgen -v BASH_VERSIN
#=== history off in scripts
history; echo $?; set +H; echo 'a!b' "a!b" !
#=== caller and bash variables
echo ${BASH_VERSINFO[0]} ${BASH##*/} $BASH_SUBSHELL $SHLVL_x ${#BASH_SOURCE[@]}; f() { echo ${BASH_SOURCE[0]##*/} ${BASH_LINENO[0]}; }; f; echo $OPTIND $PS4; unset RANDOM; echo [$RANDOM]; UID=5; echo $?
#=== dynamic unset
PPID=1; echo no
echo ok; BASHPID=1; LINENO=5; echo $LINENO
