#=== argument parser
set -- -n web --replicas=3 -v file1 file2
ns=default; replicas=1; verbose=0; files=()
while [[ $# -gt 0 ]]; do
  case "$1" in
    -n|--namespace) ns=$2; shift 2;;
    --replicas=*) replicas="${1#*=}"; shift;;
    -v) verbose=1; shift;;
    -*) echo "unknown $1" >&2; exit 2;;
    *) files+=("$1"); shift;;
  esac
done
echo "ns=$ns replicas=$replicas verbose=$verbose files=${files[*]} n=${#files[@]}"
#=== exam variables
export do="--dry-run=client -o yaml"; export now="--force --grace-period 0"
k() { echo "kubectl: $# args:" "$@"; }
k run web --image=nginx $do
k delete pod x $now
k get po -n "$ns"
#=== heredoc manifest
name=web; image=nginx:1.27
cat <<EOF > pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: $name
spec:
  containers:
  - name: c
    image: ${image}
    command: ["sh", "-c", "echo \$HOSTNAME"]
EOF
cat pod.yaml; grep -c name pod.yaml
#=== loop over lines
printf 'pod-a Running 1\npod-b Pending 0\npod-c Running 3\n' > pods
while read -r name status restarts; do
  if [[ $status != Running ]]; then echo "$name is $status"; elif (( restarts > 2 )); then echo "$name restarts $restarts"; fi
done < pods
awk_() { while read -r n _; do echo "$n"; done; }
awk_ < pods | sort -r | head -n 2
#=== count with assoc
declare -A count
for w in a b a c b a; do (( count[$w]++ )); done
for w in $(printf '%s\n' "${!count[@]}" | sort); do echo "$w ${count[$w]}"; done
#=== retry loop
n=0
until [ $n -ge 3 ]; do n=$((n+1)); echo "try $n"; [ $n -eq 2 ] && { echo ok; break; }; done
for i in {1..3}; do sleep 0.01; done; echo slept
#=== temp files and cleanup
cleanup() { echo "cleanup $?"; rm -f tmp.$$; }
trap cleanup EXIT
echo data > tmp.$$
[ -s tmp.$$ ] && echo has data
exit 3
#=== string functions
trim() { local s="$1"; s="${s#"${s%%[![:space:]]*}"}"; s="${s%"${s##*[![:space:]]}"}"; echo "[$s]"; }
trim "   hello world  "; join() { local IFS="$1"; shift; echo "$*"; }; join , a b c
contains() { [[ " $2 " == *" $1 "* ]]; }; contains b "a b c" && echo yes; contains z "a b c" || echo no
repeat() { printf "%0.s$1" $(seq 1 $2); echo; }; repeat = 5
upper() { echo "${1^^}"; }; upper abc
#=== base names
p=/etc/kubernetes/manifests/kube-apiserver.yaml
echo ${p##*/} ${p%/*} ${p##*.}; b=${p##*/}; echo ${b%.*}
#=== semver compare
ver() { local IFS=.; local a=($1) b=($2) i; for ((i=0;i<3;i++)); do (( a[i] > b[i] )) && { echo gt; return; }; (( a[i] < b[i] )) && { echo lt; return; }; done; echo eq; }
ver 1.35.0 1.34.2; ver 1.9.0 1.10.0; ver 1.2.3 1.2.3
#=== stdin or file
process() { while IFS= read -r line || [[ -n $line ]]; do echo "> $line"; done; }
printf 'a\nb' | process; process <<< "c"; process < <(echo d)
#=== menu function with return codes
check() { case $1 in ok) return 0;; warn) return 1;; *) return 2;; esac; }
for s in ok warn bad; do check $s; rc=$?; echo "$s=$rc"; done
if check warn; then echo no; else echo "failed with $?"; fi
#=== parallel jobs
work() { sleep 0.$1; echo "job $1 done"; return $1; }
pids=(); for i in 3 1 2; do work $i & pids+=($!); done
for p in "${pids[@]}"; do wait $p; echo "status $?"; done
#=== stack
stack=(); push() { stack+=("$1"); }; pop() { top=${stack[-1]}; unset 'stack[-1]'; }
push a; push b; push c; pop; echo $top; pop; echo $top ${#stack[@]}
#=== primes
for ((n=2; n<30; n++)); do for ((d=2; d*d<=n; d++)); do ((n % d == 0)) && continue 2; done; printf '%d ' $n; done; echo
#=== bubble sort
a=(5 3 9 1 7); n=${#a[@]}
for ((i=0;i<n;i++)); do for ((j=0;j<n-i-1;j++)); do if ((a[j]>a[j+1])); then t=${a[j]}; a[j]=${a[j+1]}; a[j+1]=$t; fi; done; done
echo ${a[@]}
#=== here document to function
apply() { local n=0; while read -r l; do n=$((n+1)); done; echo "applied $n lines"; }
apply <<EOF
a: 1
b: 2
EOF
apply <<< "x"
echo 'from pipe' | apply
#=== conditional chains
[ -f /etc/passwd ] && echo exists || echo missing
[ -f /nope ] && echo exists || echo missing
test -d /tmp && cd /tmp && echo in tmp
x=; [ -n "$x" ] || x=default; echo $x
#=== process output
out=$(printf 'NAME READY\nweb 1/1\ndb 0/1\n'); echo "$out" | tail -n +2 | while read n r; do echo $n:${r%/*}; done; lines=($out); echo ${#lines[@]}
IFS=$'\n' read -r -d '' -a rows <<< "$out"; echo "${#rows[@]} ${rows[1]}"
#=== jsonpath quoting
jp='{range .items[*]}{.metadata.name}{"\n"}{end}'; echo "$jp"; echo '{.items[0].metadata.name}'; echo "{.status.conditions[?(@.type==\"Ready\")].status}"; echo -o=jsonpath="{.a}"
#=== ssh style stdin
bash -s -- one two <<'EOF'
echo "remote $1 $2 $#"
read x
consumed by read
echo "x=$x"
EOF
#=== nested quoting
bash -c "echo \"\$HOME_\" '\$x' \"a b\""; bash -c 'echo "it'"'"'s"'; x='a"b'; bash -c "echo '$x'"; eval "y='$x'"; echo "$y"
#=== errors in a pipeline
set -o pipefail
if ! printf 'x\n' | grep_ y 2>/dev/null | cat; then echo "failed ${PIPESTATUS[*]}"; fi
#=== default args
f() { local a=${1:-def} b=${2:?need two}; echo $a $b; }; f x y; (f x); echo $?; f "" z
#=== function library with guard
cat > lib.sh <<'EOF'
[[ -n $LIB_LOADED ]] && return 0
LIB_LOADED=1
echo loading
greet() { echo "hello ${1:-world}"; }
EOF
source lib.sh; source lib.sh; greet; greet bash
#=== getopts script
cat > s.sh <<'EOF'
usage() { echo "usage: $0 [-h] [-c N] file" >&2; exit 1; }
c=1
while getopts "hc:" opt; do case $opt in c) c=$OPTARG;; *) usage;; esac; done
shift $((OPTIND - 1))
[ $# -eq 1 ] || usage
for ((i=0;i<c;i++)); do echo "$1"; done
EOF
bash s.sh -c 2 f; bash s.sh; echo $?; bash s.sh -x f; echo $?
#=== exit in pipeline and function
f() { exit 3; }; (f; echo no); echo $?; f | cat; echo $? ${PIPESTATUS[0]}; x=$(f); echo $?; { exit 4; } | true; echo still here; f; echo no
#=== reading with two descriptors
printf '1\n2\n' > a; printf 'x\ny\n' > b; while read -u 3 n && read -u 4 l; do echo $n$l; done 3<a 4<b
exec 5<a; read x <&5; read y <&5; echo $x$y; read z <&5; echo $?; exec 5<&-
#=== tee like
log() { while IFS= read -r l; do echo "$l"; echo "$l" >> log; done; }; printf 'a\nb\n' | log; cat log; exec 3>&1 1>out; echo hidden; exec 1>&3 3>&-; cat out
#=== arithmetic for with strings
s=hello; for ((i=${#s}-1; i>=0; i--)); do r+=${s:i:1}; done; echo $r; [[ $r == olleh ]] && echo ok
#=== glob loops
: > a.yaml; : > b.yaml; : > c.txt; for f in *.yaml; do echo "${f%.yaml}"; done; for f in *.nope; do [ -e "$f" ] || echo "none: $f"; done; files=(*.*); echo ${#files[@]}; set -- *.yaml; echo $#
#=== date arithmetic
printf '%(%Y-%m-%d %H:%M:%S)T\n' 86400; printf '%(%j %a %b %e)T\n' 1700000000; t=3725; printf '%02d:%02d:%02d\n' $((t/3600)) $((t%3600/60)) $((t%60))
#=== base conversion
dec2bin() { local n=$1 b=; while ((n)); do b=$((n%2))$b; ((n/=2)); done; echo ${b:-0}; }; dec2bin 10; dec2bin 0; echo $((2#1010)) $((16#ff)); printf '%x %o\n' 255 8
#=== ip to int
ip2int() { local IFS=. a; a=($1); echo $(( (a[0]<<24) + (a[1]<<16) + (a[2]<<8) + a[3] )); }; ip2int 10.96.0.1; int=174063617; echo $((int>>24)).$((int>>16&255)).$((int>>8&255)).$((int&255))
#=== quoting args
show() { printf '<%s>' "$@"; echo; }; args=(-l "app=web tier" --x='y z'); show "${args[@]}"; show ${args[@]}; cmd="show a 'b c'"; $cmd; eval "$cmd"; show "$(echo 'a  b')" $(echo 'a  b')
#=== deep if
a=3; if [ $a -eq 1 ]; then echo one
elif [ $a -eq 2 ]; then echo two
elif [ $a -eq 3 ]
then
  if [[ -n $HOME ]]; then echo three; fi
else echo other
fi
#=== case menu
for arg in start stop restart status "" bogus; do
case "$arg" in
  start|restart) echo "starting ($arg)" ;;&
  stop|restart) echo "stopping ($arg)" ;;
  start) ;;
  s*) echo "other s: $arg" ;;
  "") echo empty ;;
  *) echo "usage: $0 {start|stop}" ;;
esac
done
#=== variable indirection table
host_web=10.0.0.1; host_db=10.0.0.2; for h in web db none; do v=host_$h; echo "$h -> ${!v:-unknown}"; done; declare "host_dyn=10.0.0.3"; echo $host_dyn; printf -v host_x '%s' 1.2.3.4; echo $host_x
#=== colours and control
printf '\e[1;31m%s\e[0m\n' red | cat -v; echo -e "\tTab\\nNew" ; printf '%s\t%s\n' a b c; printf '%-10s|%5s|\n' name 42
