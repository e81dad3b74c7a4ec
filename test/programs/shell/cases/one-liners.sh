cat > pods.txt <<'END'
NAMESPACE     NAME                               READY   STATUS             RESTARTS       AGE     IP            NODE
default       web-7d4b9c6f5-abcde                1/1     Running            0              5m12s   10.244.1.12   node01
default       web-7d4b9c6f5-fghij                0/1     CrashLoopBackOff   12 (30s ago)   3d      10.244.2.3    node02
default       db-0                               1/1     Running            1              10h     10.244.1.4    node01
kube-system   coredns-668d6bf9bc-x2x9z           1/1     Running            0              12d     10.244.0.2    controlplane
kube-system   etcd-controlplane                  1/1     Running            3 (2d ago)     12d     172.30.1.2    controlplane
kube-system   kube-proxy-9k2lm                   1/1     Running            0              12d     172.30.2.2    node01
app-team1     job-28471-zz9xq                    0/1     Completed          0              44m     <none>        node02
app-team1     batch-1                            0/1     Pending            0              2m      <none>        <none>
END
cat > nodes.txt <<'END'
NAME           STATUS                     ROLES           AGE   VERSION   INTERNAL-IP
controlplane   Ready                      control-plane   12d   v1.35.0   172.30.1.2
node01         Ready                      <none>          12d   v1.35.0   172.30.2.2
node02         Ready,SchedulingDisabled   <none>          12d   v1.34.2   172.30.3.2
END
cat > top.txt <<'END'
NAME                  CPU(cores)   MEMORY(bytes)
web-7d4b9c6f5-abcde   12m          34Mi
web-7d4b9c6f5-fghij   250m         128Mi
db-0                  90m          512Mi
END
cat > pod.yaml <<'END'
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
    tier: "front"
spec:
  containers:
  - name: nginx
    image: nginx:1.27
    ports:
    - containerPort: 80
    env:
    - name: MODE
      value: dev
  - name: side
    image: busybox:1.36
END
cat > app.log <<'END'
2026-03-01T10:00:00Z INFO  started pid=41 user=ann
2026-03-01T10:00:07Z ERROR db timeout after 30s user=bob
2026-03-01T10:01:00Z WARN  slow query 1200ms user=ann
2026-03-01T10:02:30Z ERROR connection refused 10.0.0.5:5432 user=cid
2026-03-01T10:03:00Z INFO  done
END
printf 'tab\there\nlast line without end' > odd.txt
#=== awk '{print $2}' pods.txt
awk '{print $2}' pods.txt
#=== awk 'NR>1 {print $2, $4}' pods.txt
awk 'NR>1 {print $2, $4}' pods.txt
#=== awk 'NR>1 && $4!="Running" {print $1"/"$2": "$4}' pods.txt
awk 'NR>1 && $4!="Running" {print $1"/"$2": "$4}' pods.txt
#=== awk '$4=="Running"' pods.txt | wc -l
awk '$4=="Running"' pods.txt | wc -l
#=== awk '{print $NF}' pods.txt | sort | uniq -c | sort -rn
awk '{print $NF}' pods.txt | sort | uniq -c | sort -rn
#=== awk 'NR>1 {c[$4]++} END {for (s in c) print s, c[s]}' pods.txt | sort
awk 'NR>1 {c[$4]++} END {for (s in c) print s, c[s]}' pods.txt | sort
#=== awk 'NR>1 {print $1}' pods.txt | sort -u
awk 'NR>1 {print $1}' pods.txt | sort -u
#=== awk 'BEGIN{OFS="\t"} NR>1{print $2,$NF}' pods.txt
awk 'BEGIN{OFS="\t"} NR>1{print $2,$NF}' pods.txt
#=== awk -v ns=kube-system '$1==ns {print $2}' pods.txt
awk -v ns=kube-system '$1==ns {print $2}' pods.txt
#=== awk 'NR>1 {split($3,a,"/"); if (a[1]<a[2]) print $2}' pods.txt
awk 'NR>1 {split($3,a,"/"); if (a[1]<a[2]) print $2}' pods.txt
#=== awk 'NR>1 {gsub("m","",$2); s+=$2} END {print s"m"}' top.txt
awk 'NR>1 {gsub("m","",$2); s+=$2} END {print s"m"}' top.txt
#=== awk 'NR>1 {sub(/Mi/,"",$3); if ($3>m) {m=$3; n=$1}} END {print n, m}' top.txt
awk 'NR>1 {sub(/Mi/,"",$3); if ($3>m) {m=$3; n=$1}} END {print n, m}' top.txt
#=== awk 'NR>1 {printf "%-25s %6s %s\n", $1, $2, $3}' top.txt
awk 'NR>1 {printf "%-25s %6s %s\n", $1, $2, $3}' top.txt
#=== awk 'length($2) > 12 {print length($2)": "$2}' pods.txt
awk 'length($2) > 12 {print length($2)": "$2}' pods.txt
#=== awk '/ERROR/ {n++} END {print n+0}' app.log
awk '/ERROR/ {n++} END {print n+0}' app.log
#=== awk -F'user=' 'NF>1 {print $2}' app.log | sort | uniq -c
awk -F'user=' 'NF>1 {print $2}' app.log | sort | uniq -c
#=== awk '{ $1=""; print }' app.log
awk '{ $1=""; print }' app.log
#=== awk '{ $1=""; sub(/^ /,""); print substr($0,1,20) }' app.log
awk '{ $1=""; sub(/^ /,""); print substr($0,1,20) }' app.log
#=== awk 'match($0, /[0-9]+ms/) {print substr($0, RSTART, RLENGTH)}' app.log
awk 'match($0, /[0-9]+ms/) {print substr($0, RSTART, RLENGTH)}' app.log
#=== awk -F'[ =]' '{print $NF}' app.log
awk -F'[ =]' '{print $NF}' app.log
#=== awk 'NR==FNR {n[$1]=$5; next} ($NF in n) {print $2, n[$NF]}' nodes.txt pods.txt
awk 'NR==FNR {n[$1]=$5; next} ($NF in n) {print $2, n[$NF]}' nodes.txt pods.txt
#=== awk 'END {print NR}' pods.txt
awk 'END {print NR}' pods.txt
#=== awk 'NR%2' nodes.txt
awk 'NR%2' nodes.txt
#=== awk '{a[NR]=$0} END {for (i=NR;i>0;i--) print a[i]}' nodes.txt
awk '{a[NR]=$0} END {for (i=NR;i>0;i--) print a[i]}' nodes.txt
#=== awk '!seen[$1]++ {print $1}' pods.txt
awk '!seen[$1]++ {print $1}' pods.txt
#=== awk '{print toupper($1)}' nodes.txt
awk '{print toupper($1)}' nodes.txt
#=== awk -F: '/name:/ {print $2}' pod.yaml
awk -F: '/name:/ {print $2}' pod.yaml
#=== awk '/containers:/,/env:/' pod.yaml
awk '/containers:/,/env:/' pod.yaml
#=== awk '$1=="image:" {print $2}' pod.yaml
awk '$1=="image:" {print $2}' pod.yaml
#=== awk '/image:/ {print NR": "$0}' pod.yaml
awk '/image:/ {print NR": "$0}' pod.yaml
#=== awk 'NF' odd.txt
awk 'NF' odd.txt
#=== awk '{print NF}' odd.txt pods.txt | sort -n | tail -1
awk '{print NF}' odd.txt pods.txt | sort -n | tail -1
#=== awk -F, '{print $1; print $2}' <<< 'a,b,c'
awk -F, '{print $1; print $2}' <<< 'a,b,c'
#=== awk 'BEGIN {while ((getline l < "nodes.txt") > 0) n++; print n}'
awk 'BEGIN {while ((getline l < "nodes.txt") > 0) n++; print n}'
#=== awk 'NR>1{print $2 | "sort -r"}' nodes.txt
awk 'NR>1{print $2 | "sort -r"}' nodes.txt
#=== awk 'NR>1{ if ($5 ~ /v1\.35/) u++; else o++ } END {printf "%d up to date, %d old (%.1f%%)\n", u, o, o*100/(u+o)}' nodes.txt
awk 'NR>1{ if ($5 ~ /v1\.35/) u++; else o++ } END {printf "%d up to date, %d old (%.1f%%)\n", u, o, o*100/(u+o)}' nodes.txt
#=== sed -n '2,3p' nodes.txt
sed -n '2,3p' nodes.txt
#=== sed 1d nodes.txt
sed 1d nodes.txt
#=== sed '$d' nodes.txt
sed '$d' nodes.txt
#=== sed -n '$p' nodes.txt
sed -n '$p' nodes.txt
#=== sed -n '/CrashLoop/p' pods.txt
sed -n '/CrashLoop/p' pods.txt
#=== sed 's/  */ /g' nodes.txt
sed 's/  */ /g' nodes.txt
#=== sed 's/  */,/g' nodes.txt
sed 's/  */,/g' nodes.txt
#=== sed -E 's/ +/\t/g' nodes.txt | cut -f1,3
sed -E 's/ +/\t/g' nodes.txt | cut -f1,3
#=== sed 's/nginx:1.27/nginx:1.28/' pod.yaml | grep image
sed 's/nginx:1.27/nginx:1.28/' pod.yaml | grep image
#=== sed -i 's/nginx:.*/nginx:1.29/' pod.yaml; grep image: pod.yaml
sed -i 's/nginx:.*/nginx:1.29/' pod.yaml; grep image: pod.yaml
#=== sed -i.bak '/side/d' pod.yaml; ls pod*; diff pod.yaml.bak pod.yaml
sed -i.bak '/side/d' pod.yaml; ls pod*; diff pod.yaml.bak pod.yaml
#=== sed -n 's/.*image: \(.*\)/\1/p' pod.yaml
sed -n 's/.*image: \(.*\)/\1/p' pod.yaml
#=== sed -E 's/^(\s*)image: (.*):(.*)/\1image: registry.local\/\2:\3/' pod.yaml | grep image
sed -E 's/^(\s*)image: (.*):(.*)/\1image: registry.local\/\2:\3/' pod.yaml | grep image
#=== sed 's#v1\.35\.0#v1.35.1#g' nodes.txt | tail -3
sed 's#v1\.35\.0#v1.35.1#g' nodes.txt | tail -3
#=== sed '/^spec/i\  # here' pod.yaml | sed -n '8,10p'
sed '/^spec/i\  # here' pod.yaml | sed -n '8,10p'
#=== sed '/kind: Pod/a\# added' pod.yaml | head -4
sed '/kind: Pod/a\# added' pod.yaml | head -4
#=== sed '/tier/c\    tier: back' pod.yaml | sed -n 5,8p
sed '/tier/c\    tier: back' pod.yaml | sed -n 5,8p
#=== sed -e 's/web/app/' -e 's/app:/label:/' pod.yaml | head -7
sed -e 's/web/app/' -e 's/app:/label:/' pod.yaml | head -7
#=== sed '/labels:/,/spec:/s/^/> /' pod.yaml
sed '/labels:/,/spec:/s/^/> /' pod.yaml
#=== sed -n '/labels:/,/spec:/{/labels:/!{/spec:/!p}}' pod.yaml
sed -n '/labels:/,/spec:/{/labels:/!{/spec:/!p}}' pod.yaml
#=== sed '2!d' nodes.txt
sed '2!d' nodes.txt
#=== sed -n '0~2p' nodes.txt
sed -n '0~2p' nodes.txt
#=== sed '/^$/d;s/^[ \t]*//' odd.txt
sed '/^$/d;s/^[ \t]*//' odd.txt
#=== sed 's/\t/    /' odd.txt
sed 's/\t/    /' odd.txt
#=== sed -n '/ERROR/{s/.*user=//;p}' app.log
sed -n '/ERROR/{s/.*user=//;p}' app.log
#=== sed -n '/ERROR/=' app.log
sed -n '/ERROR/=' app.log
#=== sed 's/\(.*\)T\(.*\)Z/\2 \1/' app.log | head -2
sed 's/\(.*\)T\(.*\)Z/\2 \1/' app.log | head -2
#=== sed -E 's/user=(\w+)/USER=\U\1/' app.log
sed -E 's/user=(\w+)/USER=\U\1/' app.log
#=== sed '1~2d' app.log
sed '1~2d' app.log
#=== sed 'N;s/\n/ | /' nodes.txt
sed 'N;s/\n/ | /' nodes.txt
#=== sed ':a;N;$!ba;s/\n/,/g' <<< $'a\nb\nc'
sed ':a;N;$!ba;s/\n/,/g' <<< $'a\nb\nc'
#=== sed -n 'l' odd.txt
sed -n 'l' odd.txt
#=== sed --expression='s/a/A/2' nodes.txt
sed --expression='s/a/A/2' nodes.txt
#=== sed '/nosuch/q5' nodes.txt | head -1
sed '/nosuch/q5' nodes.txt | head -1
#=== sed -n '2{p;q}' nodes.txt
sed -n '2{p;q}' nodes.txt
#=== sed 'y/abc/ABC/' <<< 'aabbcc'
sed 'y/abc/ABC/' <<< 'aabbcc'
#=== sed 's/.*/"&"/' <<< 'quoted'
sed 's/.*/"&"/' <<< 'quoted'
#=== sed '$!d' app.log
sed '$!d' app.log
#=== grep -c Running pods.txt
grep -c Running pods.txt
#=== grep -v Running pods.txt
grep -v Running pods.txt
#=== grep -i crash pods.txt
grep -i crash pods.txt
#=== grep -w db pods.txt; echo $?
grep -w db pods.txt; echo $?
#=== grep -n image pod.yaml
grep -n image pod.yaml
#=== grep -A2 'name: nginx' pod.yaml
grep -A2 'name: nginx' pod.yaml
#=== grep -B1 image pod.yaml
grep -B1 image pod.yaml
#=== grep -C1 ERROR app.log
grep -C1 ERROR app.log
#=== grep -E 'ERROR|WARN' app.log
grep -E 'ERROR|WARN' app.log
#=== grep -o '[0-9]\+ms' app.log
grep -o '[0-9]\+ms' app.log
#=== grep -oE '([0-9]{1,3}\.){3}[0-9]{1,3}' pods.txt
grep -oE '([0-9]{1,3}\.){3}[0-9]{1,3}' pods.txt
#=== grep -oP 'user=\K\w+' app.log
grep -oP 'user=\K\w+' app.log
#=== grep -oP '(?<=user=)\w+' app.log | sort -u
grep -oP '(?<=user=)\w+' app.log | sort -u
#=== grep -P '^\d{4}-\d\d-\d\dT10:0[01]' app.log
grep -P '^\d{4}-\d\d-\d\dT10:0[01]' app.log
#=== grep -P '\tx?here' odd.txt
grep -P '\tx?here' odd.txt
#=== grep -oP 'image:\s*\K\S+' pod.yaml
grep -oP 'image:\s*\K\S+' pod.yaml
#=== grep -l ERROR *.log *.txt
grep -l ERROR *.log *.txt
#=== grep -L ERROR *.log *.txt
grep -L ERROR *.log *.txt
#=== grep -rn "1.35" . | sort | head -3
grep -rn "1.35" . | sort | head -3
#=== grep -q Pending pods.txt && echo pending
grep -q Pending pods.txt && echo pending
#=== grep nosuch pods.txt || echo none
grep nosuch pods.txt || echo none
#=== grep -m1 Running pods.txt
grep -m1 Running pods.txt
#=== grep -e web -e db pods.txt | awk '{print $2}'
grep -e web -e db pods.txt | awk '{print $2}'
#=== grep -F '1.35' nodes.txt | wc -l
grep -F '1.35' nodes.txt | wc -l
#=== grep -vE '^(NAME|$)' nodes.txt
grep -vE '^(NAME|$)' nodes.txt
#=== grep -h '^N' nodes.txt top.txt
grep -h '^N' nodes.txt top.txt
#=== grep -x 'kind: Pod' pod.yaml
grep -x 'kind: Pod' pod.yaml
#=== grep -b ERROR app.log | cut -d: -f1
grep -b ERROR app.log | cut -d: -f1
#=== grep '^ *-' pod.yaml
grep '^ *-' pod.yaml
#=== grep -Ev '^\s*(#|$)' pod.yaml | wc -l
grep -Ev '^\s*(#|$)' pod.yaml | wc -l
#=== grep --color=always -o web pod.yaml | cat -v
grep --color=always -o web pod.yaml | cat -v
#=== sort -k4 pods.txt | awk '{print $4}'
sort -k4 pods.txt | awk '{print $4}'
#=== sort -k3,3 -k2,2r pods.txt | awk '{print $3,$2}'
sort -k3,3 -k2,2r pods.txt | awk '{print $3,$2}'
#=== tail -n +2 top.txt | sort -k2 -h
tail -n +2 top.txt | sort -k2 -h
#=== tail -n +2 top.txt | sort -k2 -rh | head -1
tail -n +2 top.txt | sort -k2 -rh | head -1
#=== tail -n +2 top.txt | sort -k3 -hr | awk '{print $1}'
tail -n +2 top.txt | sort -k3 -hr | awk '{print $1}'
#=== tail -n +2 pods.txt | sort -k2 -t- | cut -c1-30
tail -n +2 pods.txt | sort -k2 -t- | cut -c1-30
#=== sort -t: -k2 -n <<< $'a:10\nb:9\nc:100'
sort -t: -k2 -n <<< $'a:10\nb:9\nc:100'
#=== sort -u -k1,1 <<< $'a 2\na 1\nb 1'
sort -u -k1,1 <<< $'a 2\na 1\nb 1'
#=== sort -V <<< $'v1.9.0\nv1.35.0\nv1.10.1'
sort -V <<< $'v1.9.0\nv1.35.0\nv1.10.1'
#=== sort -rn -k2 <<< $'a 3\nb 20\nc 1'
sort -rn -k2 <<< $'a 3\nb 20\nc 1'
#=== sort --key=2.2 <<< $'x a3\ny b1\nz c2'
sort --key=2.2 <<< $'x a3\ny b1\nz c2'
#=== sort -c <<< $'b\na'; echo $?
sort -c <<< $'b\na'; echo $?
#=== sort -s -k1,1 <<< $'b 2\na 9\nb 1'
sort -s -k1,1 <<< $'b 2\na 9\nb 1'
#=== sort -M <<< $'Mar\nJan\nDec'
sort -M <<< $'Mar\nJan\nDec'
#=== cut -d' ' -f1 nodes.txt
cut -d' ' -f1 nodes.txt
#=== tr -s ' ' < nodes.txt | cut -d' ' -f1,5
tr -s ' ' < nodes.txt | cut -d' ' -f1,5
#=== cut -c1-10 nodes.txt
cut -c1-10 nodes.txt
#=== cut -d: -f2- app.log | head -2
cut -d: -f2- app.log | head -2
#=== cut -d= -f2 app.log
cut -d= -f2 app.log
#=== cut -d= -s -f2 app.log
cut -d= -s -f2 app.log
#=== cut -f1 odd.txt
cut -f1 odd.txt
#=== cut --complement -d' ' -f1 <<< 'a b c'
cut --complement -d' ' -f1 <<< 'a b c'
#=== cut -d, -f1,3 --output-delimiter=';' <<< 'a,b,c'
cut -d, -f1,3 --output-delimiter=';' <<< 'a,b,c'
#=== tr a-z A-Z < nodes.txt | head -1
tr a-z A-Z < nodes.txt | head -1
#=== tr -d '"' < pod.yaml | grep tier
tr -d '"' < pod.yaml | grep tier
#=== tr '\n' ',' < nodes.txt | cut -c1-40
tr '\n' ',' < nodes.txt | cut -c1-40
#=== tr -cd '0-9\n' < top.txt
tr -cd '0-9\n' < top.txt
#=== tr ' ' '\n' <<< 'a  b' | cat -A
tr ' ' '\n' <<< 'a  b' | cat -A
#=== cat -A odd.txt
cat -A odd.txt
#=== cat -n nodes.txt
cat -n nodes.txt
#=== cat -e odd.txt; echo
cat -e odd.txt; echo
#=== cat -T odd.txt; echo
cat -T odd.txt; echo
#=== cat -s <<< $'a\n\n\n\nb'
cat -s <<< $'a\n\n\n\nb'
#=== cat -b <<< $'a\n\nb'
cat -b <<< $'a\n\nb'
#=== head -c 20 nodes.txt; echo
head -c 20 nodes.txt; echo
#=== head -n -2 nodes.txt
head -n -2 nodes.txt
#=== tail -n 2 nodes.txt
tail -n 2 nodes.txt
#=== tail -c 5 nodes.txt
tail -c 5 nodes.txt
#=== column -t nodes.txt
column -t nodes.txt
#=== column -t -s: <<< $'a:bb:c\naaa:b:c'
column -t -s: <<< $'a:bb:c\naaa:b:c'
#=== awk 'NR>1{print $2,$4}' pods.txt | column -t
awk 'NR>1{print $2,$4}' pods.txt | column -t
#=== awk '{print $1","$5}' nodes.txt | column -s, -t
awk '{print $1","$5}' nodes.txt | column -s, -t
#=== column -t -N NAME,X -o ' | ' <<< $'a b\nccc d'
column -t -N NAME,X -o ' | ' <<< $'a b\nccc d'
#=== printf 'a\tb c\td\nlong one\tx\ty\n' | column -t -s $'\t'
printf 'a\tb c\td\nlong one\tx\ty\n' | column -t -s $'\t'
#=== awk 'NR>1 {print $2}' pods.txt | column -c 60
awk 'NR>1 {print $2}' pods.txt | column -c 60
#=== awk 'NR>1 {print $2}' pods.txt | xargs
awk 'NR>1 {print $2}' pods.txt | xargs
#=== awk 'NR>1 {print $2}' pods.txt | xargs -n2
awk 'NR>1 {print $2}' pods.txt | xargs -n2
#=== awk 'NR>1 {print $2}' pods.txt | xargs -I{} echo pod/{} | head -3
awk 'NR>1 {print $2}' pods.txt | xargs -I{} echo pod/{} | head -3
#=== awk 'NR>1 {print $1,$2}' pods.txt | xargs -n2 sh -c 'echo "ns=$0 pod=$1"' | head -2
awk 'NR>1 {print $1,$2}' pods.txt | xargs -n2 sh -c 'echo "ns=$0 pod=$1"' | head -2
#=== echo a b c | xargs -n1 echo x
echo a b c | xargs -n1 echo x
#=== printf 'a b\nc\n' | xargs -d '\n' -I% echo "[%]"
printf 'a b\nc\n' | xargs -d '\n' -I% echo "[%]"
#=== printf 'a\0b c\0' | xargs -0 -n1 echo
printf 'a\0b c\0' | xargs -0 -n1 echo
#=== echo | xargs -r echo no
echo | xargs -r echo no
#=== seq 3 | xargs -P2 -n1 echo | sort
seq 3 | xargs -P2 -n1 echo | sort
#=== find . -name '*.txt' | sort | xargs wc -l
find . -name '*.txt' | sort | xargs wc -l
#=== find . -type f -newer nosuch; echo $?
find . -type f -newer nosuch; echo $?
#=== find . -name '*.yaml' -exec grep -l Pod {} +
find . -name '*.yaml' -exec grep -l Pod {} +
#=== find . -maxdepth 1 -name 'p*' -printf '%f %s\n' | sort
find . -maxdepth 1 -name 'p*' -printf '%f %s\n' | sort
#=== wc -l < pods.txt
wc -l < pods.txt
#=== wc pods.txt nodes.txt
wc pods.txt nodes.txt
#=== wc -w nodes.txt | awk '{print $1}'
wc -w nodes.txt | awk '{print $1}'
#=== uniq -c <<< $'a\na\nb\na'
uniq -c <<< $'a\na\nb\na'
#=== sort <<< $'a\nb\na' | uniq -d
sort <<< $'a\nb\na' | uniq -d
#=== sort <<< $'a\nb\na' | uniq -u
sort <<< $'a\nb\na' | uniq -u
#=== paste -sd, <<< $'a\nb\nc'
paste -sd, <<< $'a\nb\nc'
#=== paste -d: <(echo a) <(echo b)
paste -d: <(echo a) <(echo b)
#=== paste - - <<< $'a\nb\nc\nd'
paste - - <<< $'a\nb\nc\nd'
#=== join <(sort <<< $'a 1\nb 2') <(sort <<< $'a x\nc y')
join <(sort <<< $'a 1\nb 2') <(sort <<< $'a x\nc y')
#=== comm -12 <(sort <<< $'a\nb') <(sort <<< $'b\nc')
comm -12 <(sort <<< $'a\nb') <(sort <<< $'b\nc')
#=== comm -3 <(printf 'a\nb\n') <(printf 'b\nc\n')
comm -3 <(printf 'a\nb\n') <(printf 'b\nc\n')
#=== diff <(echo a) <(echo b)
diff <(echo a) <(echo b)
#=== diff -u pod.yaml <(sed s/dev/prod/ pod.yaml) | tail -n +3
diff -u pod.yaml <(sed s/dev/prod/ pod.yaml) | tail -n +3
#=== echo -n dev | base64
echo -n dev | base64
#=== echo ZGV2 | base64 -d; echo
echo ZGV2 | base64 -d; echo
#=== base64 -w0 pod.yaml | tail -c 20; echo
base64 -w0 pod.yaml | tail -c 20; echo
#=== printf 'user:%s\n' "$(echo -n secret | base64)"
printf 'user:%s\n' "$(echo -n secret | base64)"
#=== echo -n secret | sha256sum | cut -d' ' -f1
echo -n secret | sha256sum | cut -d' ' -f1
#=== tee copy.txt < nodes.txt | wc -l; wc -l < copy.txt
tee copy.txt < nodes.txt | wc -l; wc -l < copy.txt
#=== for p in $(awk 'NR>1 && $1=="default" {print $2}' pods.txt); do echo "delete $p"; done
for p in $(awk 'NR>1 && $1=="default" {print $2}' pods.txt); do echo "delete $p"; done
#=== while read -r ns name ready status rest; do [ "$status" = Running ] || echo "$ns/$name $status"; done < <(tail -n +2 pods.txt)
while read -r ns name ready status rest; do [ "$status" = Running ] || echo "$ns/$name $status"; done < <(tail -n +2 pods.txt)
#=== while IFS=: read -r k v; do echo "[$k]=[$v]"; done <<< $'a:1\nb:2:3'
while IFS=: read -r k v; do echo "[$k]=[$v]"; done <<< $'a:1\nb:2:3'
#=== mapfile -t a < <(cut -d' ' -f1 nodes.txt); echo ${#a[@]} ${a[1]}
mapfile -t a < <(cut -d' ' -f1 nodes.txt); echo ${#a[@]} ${a[1]}
#=== n=$(grep -c Ready nodes.txt); echo "nodes: $n"
n=$(grep -c Ready nodes.txt); echo "nodes: $n"
#=== echo $(grep Ready nodes.txt | grep -v NoSchedule | wc -l)
echo $(grep Ready nodes.txt | grep -v NoSchedule | wc -l)
#=== export DRY="--dry-run=client -o yaml"; echo k run x $DRY
export DRY="--dry-run=client -o yaml"; echo k run x $DRY
#=== x=pod/web-1; echo ${x#*/} ${x%%/*} ${x/web/app} ${x^^}
x=pod/web-1; echo ${x#*/} ${x%%/*} ${x/web/app} ${x^^}
#=== f=/etc/kubernetes/manifests/etcd.yaml; echo ${f##*/} ${f%/*} $(basename $f .yaml) $(dirname $f)
f=/etc/kubernetes/manifests/etcd.yaml; echo ${f##*/} ${f%/*} $(basename $f .yaml) $(dirname $f)
#=== cat <<EOF | sed 's/x/y/' > out.yaml; cat out.yaml
cat <<EOF | sed 's/x/y/' > out.yaml; cat out.yaml
x: $HOME
EOF
#=== date -u -d @1772359200 +%FT%TZ
date -u -d @1772359200 +%FT%TZ
#=== date -d '2026-03-01 10:00 UTC + 2 hours' +%H:%M
date -d '2026-03-01 10:00 UTC + 2 hours' +%H:%M
#=== seq -w 8 10
seq -w 8 10
#=== seq -f 'pod-%02g' 1 3
seq -f 'pod-%02g' 1 3
#=== seq -s, 5
seq -s, 5
#=== echo {web,db}-{1..2}
echo {web,db}-{1..2}
#=== printf '%s\n' {a..c} | tac
printf '%s\n' {a..c} | tac
#=== rev <<< abc
rev <<< abc
#=== nl -ba <<< $'a\n\nb'
nl -ba <<< $'a\n\nb'
#=== fold -w 10 <<< 'abcdefghijklmno'
fold -w 10 <<< 'abcdefghijklmno'
#=== printf '%-10s|%5d|%05.1f\n' ab 42 3.14159
printf '%-10s|%5d|%05.1f\n' ab 42 3.14159
#=== printf '%s=%s\n' a 1 b 2
printf '%s=%s\n' a 1 b 2
#=== printf '%x %o %c %%\n' 255 8 hello
printf '%x %o %c %%\n' 255 8 hello
#=== echo -e 'a\tb\nc' | od -c
echo -e 'a\tb\nc' | od -c
#=== echo hi | xxd
echo hi | xxd
#=== echo hi | hexdump -C
echo hi | hexdump -C
#=== stat -c '%a %n' pod.yaml
stat -c '%a %n' pod.yaml
#=== chmod 600 pod.yaml; stat -c %A pod.yaml
chmod 600 pod.yaml; stat -c %A pod.yaml
#=== ls -1 *.txt
ls -1 *.txt
#=== ls *.nosuch; echo $?
ls *.nosuch; echo $?
#=== test -f pod.yaml && echo yes
test -f pod.yaml && echo yes
#=== [[ v1.35.0 =~ ^v([0-9]+)\.([0-9]+) ]] && echo ${BASH_REMATCH[2]}
[[ v1.35.0 =~ ^v([0-9]+)\.([0-9]+) ]] && echo ${BASH_REMATCH[2]}
#=== expr 5 + 3; expr length hello; expr match abc123 '[a-z]*'
expr 5 + 3; expr length hello; expr match abc123 '[a-z]*'
#=== echo $((2**10)) $((7/2)) $((-7%3)) $((0x1f))
echo $((2**10)) $((7/2)) $((-7%3)) $((0x1f))
#=== tar cf t.tar pod.yaml nodes.txt && tar tf t.tar
tar cf t.tar pod.yaml nodes.txt && tar tf t.tar
#=== mkdir -p a/b/c && touch a/b/c/f && find a | sort
mkdir -p a/b/c && touch a/b/c/f && find a | sort
#=== ln -s pod.yaml l; readlink l; ls -l l | awk '{print $NF}'
ln -s pod.yaml l; readlink l; ls -l l | awk '{print $NF}'
#=== cp pod.yaml p2.yaml; cmp pod.yaml p2.yaml && echo same
cp pod.yaml p2.yaml; cmp pod.yaml p2.yaml && echo same
#=== echo one >> odd.txt; tail -1 odd.txt
echo one >> odd.txt; tail -1 odd.txt
#=== timeout 1 sleep 5; echo $?
timeout 1 sleep 5; echo $?
#=== yes | head -3
yes | head -3
#=== shuf -i 1-3 | sort | paste -sd' '
shuf -i 1-3 | sort | paste -sd' '
#=== envsubst < /dev/null; NAME=web envsubst '$NAME' <<< 'name: $NAME $OTHER'
envsubst < /dev/null; NAME=web envsubst '$NAME' <<< 'name: $NAME $OTHER'
#=== expand -t4 odd.txt; echo
expand -t4 odd.txt; echo
#=== split -l 2 nodes.txt n-; wc -l n-*
split -l 2 nodes.txt n-; wc -l n-*
#=== du -a a 2>/dev/null; du -b pod.yaml | cut -f1
du -a a 2>/dev/null; du -b pod.yaml | cut -f1
#=== grep -A1 -n 'env:' pod.yaml | sed 's/^/  /'
grep -A1 -n 'env:' pod.yaml | sed 's/^/  /'
#=== awk '/^  - name:/{n=$3} /^    image:/{print n"="$2}' pod.yaml
awk '/^  - name:/{n=$3} /^    image:/{print n"="$2}' pod.yaml
#=== tail -n +2 pods.txt | awk '{print $1}' | sort | uniq -c | awk '{print $2": "$1}'
tail -n +2 pods.txt | awk '{print $1}' | sort | uniq -c | awk '{print $2": "$1}'
#=== awk 'NR>1{print $(NF-1)}' pods.txt | grep -v none | sort -t. -k1,1n -k2,2n -k3,3n -k4,4n
awk 'NR>1{print $(NF-1)}' pods.txt | grep -v none | sort -t. -k1,1n -k2,2n -k3,3n -k4,4n
#=== sort -k2 -n -t'(' <<< $'a (10)\nb (9)'
sort -k2 -n -t'(' <<< $'a (10)\nb (9)'
#=== grep -c . nodes.txt top.txt
grep -c . nodes.txt top.txt
#=== { echo B; echo A; } | sort | tr -d '\n'; echo
{ echo B; echo A; } | sort | tr -d '\n'; echo
#=== cat nodes.txt | head -1 | tr -s ' ' '\n' | nl
cat nodes.txt | head -1 | tr -s ' ' '\n' | nl
#=== echo "a,b;c" | awk -F'[,;]' '{print $3 $2 $1}'
echo "a,b;c" | awk -F'[,;]' '{print $3 $2 $1}'
#=== awk 'BEGIN{printf "%s\n", strftime("%Y", 0, 1)}'
awk 'BEGIN{printf "%s\n", strftime("%Y", 0, 1)}'
#=== awk '{sum+=$1} END {print sum/NR}' <<< $'1\n2\n4'
awk '{sum+=$1} END {print sum/NR}' <<< $'1\n2\n4'
#=== awk 'BEGIN { "echo hi" | getline x; print x }'
awk 'BEGIN { "echo hi" | getline x; print x }'
#=== sed -n '/^metadata/,/^spec/p' pod.yaml | grep -v ^spec
sed -n '/^metadata/,/^spec/p' pod.yaml | grep -v ^spec
#=== sed -E '/^(apiVersion|kind)/!d' pod.yaml
sed -E '/^(apiVersion|kind)/!d' pod.yaml
#=== grep -zo 'name: side' pod.yaml | tr '\0' '\n'
grep -zo 'name: side' pod.yaml | tr '\0' '\n'
#=== awk 'NR>1 {printf("%s%s", sep, $2); sep=","} END {print ""}' pods.txt
awk 'NR>1 {printf("%s%s", sep, $2); sep=","} END {print ""}' pods.txt
#=== awk '{$3="";print}' nodes.txt | tr -s ' '
awk '{$3="";print}' nodes.txt | tr -s ' '
#=== awk 'BEGIN{FS=":"; OFS="="} /tier|app/ {print $1,$2}' pod.yaml
awk 'BEGIN{FS=":"; OFS="="} /tier|app/ {print $1,$2}' pod.yaml
#=== awk -v RS= '{print NR": "NF}' <<< $'a b\nc\n\nd'
awk -v RS= '{print NR": "NF}' <<< $'a b\nc\n\nd'
#=== awk -v RS=';' '{print}' <<< 'a;b;c'
awk -v RS=';' '{print}' <<< 'a;b;c'
#=== awk 'BEGIN{IGNORECASE=1} /running/ {n++} END{print n+0}' pods.txt
awk 'BEGIN{IGNORECASE=1} /running/ {n++} END{print n+0}' pods.txt
#=== awk 'NR==1{for(i=1;i<=NF;i++) h[$i]=i; next} {print $h["NAME"], $h["VERSION"]}' nodes.txt
awk 'NR==1{for(i=1;i<=NF;i++) h[$i]=i; next} {print $h["NAME"], $h["VERSION"]}' nodes.txt
#=== awk '{print substr($0, index($0,$3))}' nodes.txt
awk '{print substr($0, index($0,$3))}' nodes.txt
#=== awk 'NR>1 && $6+0 >= 3 {print $2, $6+0}' pods.txt
awk 'NR>1 && $6+0 >= 3 {print $2, $6+0}' pods.txt
#=== awk '$5 ~ /^[0-9]+$/ && $5 > 0' pods.txt | awk '{print $2}'
awk '$5 ~ /^[0-9]+$/ && $5 > 0' pods.txt | awk '{print $2}'
#=== awk 'END{print $0}' nodes.txt
awk 'END{print $0}' nodes.txt
#=== awk -F'"' '/tier/{print $2}' pod.yaml
awk -F'"' '/tier/{print $2}' pod.yaml
#=== awk '/ERROR/{f=1} f' app.log | head -2
awk '/ERROR/{f=1} f' app.log | head -2
#=== awk '/nginx/{getline; print}' pod.yaml
awk '/nginx/{getline; print}' pod.yaml
#=== awk 'BEGIN{x["a"]=1; delete x["a"]; print length(x)}'
awk 'BEGIN{x["a"]=1; delete x["a"]; print length(x)}'
#=== awk '{ if (tolower($0) ~ /error/) print NR }' app.log
awk '{ if (tolower($0) ~ /error/) print NR }' app.log
#=== awk 'BEGIN { printf "%5.2f|%-8s|%03d|%s\n", 3.14159, "ab", 7, "x" }'
awk 'BEGIN { printf "%5.2f|%-8s|%03d|%s\n", 3.14159, "ab", 7, "x" }'
#=== awk 'NR>1{a[$1]=a[$1]" "$2} END{for(k in a) print k":"a[k]}' pods.txt | sort
awk 'NR>1{a[$1]=a[$1]" "$2} END{for(k in a) print k":"a[k]}' pods.txt | sort
#=== awk 'function f(x) {return x*2} {print f(NR)}' nodes.txt
awk 'function f(x) {return x*2} {print f(NR)}' nodes.txt
#=== awk '{print > $1".out"}' <<< $'a 1\nb 2'; cat a.out b.out
awk '{print > $1".out"}' <<< $'a 1\nb 2'; cat a.out b.out
#=== awk 'BEGIN{print ENVIRON["HOME"], ARGC, ARGV[1]}' x
awk 'BEGIN{print ENVIRON["HOME"], ARGC, ARGV[1]}' x
#=== awk '{print $(1)}{exit 3}' nodes.txt; echo $?
awk '{print $(1)}{exit 3}' nodes.txt; echo $?
#=== awk 'BEGIN{print 1e6, 1000000*3, 0.1+0.2, 2^31, 100/3}'
awk 'BEGIN{print 1e6, 1000000*3, 0.1+0.2, 2^31, 100/3}'
#=== awk '{print' nodes.txt
awk '{print' nodes.txt
#=== awk -f nosuch.awk x
awk -f nosuch.awk x
#=== awk '{print $1}' nosuch
awk '{print $1}' nosuch
#=== sed -n '/web/{p;q}' pods.txt
sed -n '/web/{p;q}' pods.txt
#=== sed '/web/!s/Running/UP/' pods.txt | awk '{print $4}'
sed '/web/!s/Running/UP/' pods.txt | awk '{print $4}'
#=== sed -e '1{h;d}' -e '${G}' nodes.txt
sed -e '1{h;d}' -e '${G}' nodes.txt
#=== sed -E 's/([0-9]+)m([0-9]+)s/\1 min \2 sec/' pods.txt | sed -n 2p
sed -E 's/([0-9]+)m([0-9]+)s/\1 min \2 sec/' pods.txt | sed -n 2p
#=== sed "s/image: .*/image: ${IMG:-x:1}/" pod.yaml | grep image
sed "s/image: .*/image: ${IMG:-x:1}/" pod.yaml | grep image
#=== sed 's|/|-|g' <<< a/b/c
sed 's|/|-|g' <<< a/b/c
#=== sed 's/a\|b/X/g' <<< abc
sed 's/a\|b/X/g' <<< abc
#=== sed -E 's/(a|b)+/X/g' <<< aabbc
sed -E 's/(a|b)+/X/g' <<< aabbc
#=== sed 's/[[:space:]]*$//' <<< 'x   '
sed 's/[[:space:]]*$//' <<< 'x   '
#=== sed 's/^[[:space:]]*//' pod.yaml | head -4
sed 's/^[[:space:]]*//' pod.yaml | head -4
#=== sed -i '1i # top' pod.yaml && head -2 pod.yaml
sed -i '1i # top' pod.yaml && head -2 pod.yaml
#=== sed -i -e '$a # end' pod.yaml && tail -1 pod.yaml
sed -i -e '$a # end' pod.yaml && tail -1 pod.yaml
#=== sed -i '/^  labels:/,/tier/d' pod.yaml && cat pod.yaml | head -6
sed -i '/^  labels:/,/tier/d' pod.yaml && cat pod.yaml | head -6
#=== sed -i 's/x/y/' nosuch.yaml; echo $?
sed -i 's/x/y/' nosuch.yaml; echo $?
#=== sed 's/x' nodes.txt; echo $?
sed 's/x' nodes.txt; echo $?
#=== sed -n '5,$p' app.log
sed -n '5,$p' app.log
#=== sed '2,4d' app.log
sed '2,4d' app.log
#=== sed = nodes.txt | head -4
sed = nodes.txt | head -4
#=== sed -n '/INFO/,+1p' app.log
sed -n '/INFO/,+1p' app.log
#=== sed '0,/ERROR/s//FIRST/' app.log | grep -c FIRST
sed '0,/ERROR/s//FIRST/' app.log | grep -c FIRST
#=== sed 's/ERROR/&!/w err.txt' app.log >/dev/null; cat err.txt
sed 's/ERROR/&!/w err.txt' app.log >/dev/null; cat err.txt
#=== sed -s -n '1p' nodes.txt top.txt
sed -s -n '1p' nodes.txt top.txt
#=== sed 's/\bweb\b/WEB/g' pod.yaml | head -6
sed 's/\bweb\b/WEB/g' pod.yaml | head -6
#=== sed -z 's/\n/;/g' <<< $'a\nb'; echo
sed -z 's/\n/;/g' <<< $'a\nb'; echo
#=== sed -E 's/^.{5}//' nodes.txt
sed -E 's/^.{5}//' nodes.txt
#=== sed 's/./\U&/' <<< 'hello world'
sed 's/./\U&/' <<< 'hello world'
#=== sed -E 's/\b(.)/\u\1/g' <<< 'hello big world'
sed -E 's/\b(.)/\u\1/g' <<< 'hello big world'
#=== sed '/a/,/c/{/b/d}' <<< $'a\nb\nc\nb'
sed '/a/,/c/{/b/d}' <<< $'a\nb\nc\nb'
#=== grep -E '^[^ ]+ +Ready +' nodes.txt
grep -E '^[^ ]+ +Ready +' nodes.txt
#=== grep -c '' odd.txt
grep -c '' odd.txt
#=== grep -on 'ERROR' app.log
grep -on 'ERROR' app.log
#=== grep --include='*.yaml' -rl image .
grep --include='*.yaml' -rl image .
#=== grep --exclude='*.log' -rc ERROR . | sort
grep --exclude='*.log' -rc ERROR . | sort
#=== grep -rnw . -e Pod | sort
grep -rnw . -e Pod | sort
#=== grep -s x nosuch; echo $?
grep -s x nosuch; echo $?
#=== grep x nosuch; echo $?
grep x nosuch; echo $?
#=== grep '[' nodes.txt; echo $?
grep '[' nodes.txt; echo $?
#=== grep -E '(' nodes.txt; echo $?
grep -E '(' nodes.txt; echo $?
#=== grep -P '(?i)error(?= db)' app.log
grep -P '(?i)error(?= db)' app.log
#=== grep -P 'ERROR (?!db)' app.log
grep -P 'ERROR (?!db)' app.log
#=== grep -Po '"?tier"?: "\K[^"]+' pod.yaml
grep -Po '"?tier"?: "\K[^"]+' pod.yaml
#=== grep -oP '\d+(?=ms)' app.log
grep -oP '\d+(?=ms)' app.log
#=== grep -P '^\s+- name: \w+$' pod.yaml
grep -P '^\s+- name: \w+$' pod.yaml
#=== grep -ob image pod.yaml
grep -ob image pod.yaml
#=== grep -H -c x app.log
grep -H -c x app.log
#=== grep -nv . pod.yaml; echo $?
grep -nv . pod.yaml; echo $?
#=== grep -f <(printf 'db\nweb\n') pods.txt | wc -l
grep -f <(printf 'db\nweb\n') pods.txt | wc -l
#=== grep -A1 -B1 --no-group-separator image pod.yaml
grep -A1 -B1 --no-group-separator image pod.yaml
#=== grep -2 'MODE' pod.yaml
grep -2 'MODE' pod.yaml
#=== grep -c -v '^#' pod.yaml
grep -c -v '^#' pod.yaml
#=== grep 'a\{2\}' <<< baab
grep 'a\{2\}' <<< baab
#=== grep -E 'a{2}|^x' <<< baab
grep -E 'a{2}|^x' <<< baab
#=== sort -t$'\t' -k2 <<< $'b\t1\na\t2'
sort -t$'\t' -k2 <<< $'b\t1\na\t2'
#=== sort -k1.1,1.1 -k2nr <<< $'b 1\na 2\nb 3'
sort -k1.1,1.1 -k2nr <<< $'b 1\na 2\nb 3'
#=== sort -h <<< $'1Gi\n512Mi\n2Gi\n100Ki'
sort -h <<< $'1Gi\n512Mi\n2Gi\n100Ki'
#=== sort -z <<< x | tr '\0' '!'; echo
sort -z <<< x | tr '\0' '!'; echo
#=== sort -o s.txt nodes.txt && head -1 s.txt
sort -o s.txt nodes.txt && head -1 s.txt
#=== sort -f <<< $'b\nA\na\nB'
sort -f <<< $'b\nA\na\nB'
#=== sort -b -k2 <<< $'a   z\nb y'
sort -b -k2 <<< $'a   z\nb y'
#=== sort -g <<< $'1e3\n5\n-2.5'
sort -g <<< $'1e3\n5\n-2.5'
#=== sort -R nodes.txt | wc -l
sort -R nodes.txt | wc -l
#=== sort nosuch; echo $?
sort nosuch; echo $?
#=== sort --parallel=2 -rn <<< $'1\n2'
sort --parallel=2 -rn <<< $'1\n2'
#=== cut -c 1,3-5 <<< abcdef
cut -c 1,3-5 <<< abcdef
#=== cut -b2 <<< abc
cut -b2 <<< abc
#=== cut -d' ' -f5- pods.txt | head -2
cut -d' ' -f5- pods.txt | head -2
#=== cut -f; echo $?
cut -f; echo $?
#=== cut -d: -f1 nosuch; echo $?
cut -d: -f1 nosuch; echo $?
#=== cut -d'ab' -f1 <<< x; echo $?
cut -d'ab' -f1 <<< x; echo $?
#=== tr '[:lower:]' '[:upper:]' <<< abc
tr '[:lower:]' '[:upper:]' <<< abc
#=== tr -s 'a-z' <<< aabbcc
tr -s 'a-z' <<< aabbcc
#=== tr -dc '[:alnum:]\n' <<< 'a-b_c!'
tr -dc '[:alnum:]\n' <<< 'a-b_c!'
#=== tr 'a' <<< x; echo $?
tr 'a' <<< x; echo $?
#=== xargs -n1 <<< '"a b" c'
xargs -n1 <<< '"a b" c'
#=== xargs -I{} sh -c 'echo {} | tr a-z A-Z' <<< $'a\nb'
xargs -I{} sh -c 'echo {} | tr a-z A-Z' <<< $'a\nb'
#=== xargs -t echo <<< 'a b'
xargs -t echo <<< 'a b'
#=== xargs -L1 echo x <<< $'a b\nc'
xargs -L1 echo x <<< $'a b\nc'
#=== xargs nosuchcmd <<< a; echo $?
xargs nosuchcmd <<< a; echo $?
#=== xargs false <<< a; echo $?
xargs false <<< a; echo $?
#=== xargs -a nodes.txt -n6 echo | tail -1
xargs -a nodes.txt -n6 echo | tail -1
#=== xargs echo <<< "it's"; echo $?
xargs echo <<< "it's"; echo $?
#=== echo 'a:b' | xargs -d: -n1 echo
echo 'a:b' | xargs -d: -n1 echo
#=== ls | xargs -I F echo "<F>" | head -2
ls | xargs -I F echo "<F>" | head -2
#=== column -t -R 2 <<< $'a 1\nbb 22\nc 333'
column -t -R 2 <<< $'a 1\nbb 22\nc 333'
#=== column -t -H 2 <<< $'a 1 x\nbb 22 y'
column -t -H 2 <<< $'a 1 x\nbb 22 y'
#=== column -s= -t <<< $'k=v\nlonger=value=2'
column -s= -t <<< $'k=v\nlonger=value=2'
#=== column -J -n pods -N a,b <<< $'1 2\n3 4'
column -J -n pods -N a,b <<< $'1 2\n3 4'
#=== column -t -o, <<< $'a b\nc d'
column -t -o, <<< $'a b\nc d'
#=== column -x -c 30 <<< $'a\nb\nc\nd\ne'
column -x -c 30 <<< $'a\nb\nc\nd\ne'
#=== column -t -l 2 <<< $'a b c d\ne f g'
column -t -l 2 <<< $'a b c d\ne f g'
#=== column -t -d -N a,b <<< $'1 2'
column -t -d -N a,b <<< $'1 2'
#=== column -t -E 2 -N a,b <<< $'1 2'
column -t -E 2 -N a,b <<< $'1 2'
#=== column nosuch; echo $?
column nosuch; echo $?
#=== column -t -n x -N A,B -O B,A <<< $'1 2'
column -t -n x -N A,B -O B,A <<< $'1 2'
#=== column -t -T 1 -N A,B <<< $'1 2'
column -t -T 1 -N A,B <<< $'1 2'
#=== tail -n +3 nodes.txt
tail -n +3 nodes.txt
#=== tail -3 app.log | head -1
tail -3 app.log | head -1
#=== tail -n1 nodes.txt top.txt
tail -n1 nodes.txt top.txt
#=== head -1 nodes.txt top.txt
head -1 nodes.txt top.txt
#=== head -q -n1 nodes.txt top.txt
head -q -n1 nodes.txt top.txt
#=== head -n x nodes.txt; echo $?
head -n x nodes.txt; echo $?
#=== tail nosuch; echo $?
tail nosuch; echo $?
#=== cat nosuch nodes.txt | wc -l
cat nosuch nodes.txt | wc -l
#=== cat - nodes.txt <<< first | head -2
cat - nodes.txt <<< first | head -2
#=== wc -lc nodes.txt
wc -lc nodes.txt
#=== wc -m <<< héllo
wc -m <<< héllo
#=== wc -L nodes.txt
wc -L nodes.txt
#=== uniq -f1 <<< $'a x\nb x\nc y'
uniq -f1 <<< $'a x\nb x\nc y'
#=== uniq -i <<< $'a\nA'
uniq -i <<< $'a\nA'
#=== uniq -w1 <<< $'ab\nac\nb'
uniq -w1 <<< $'ab\nac\nb'
#=== nl nodes.txt | tail -1
nl nodes.txt | tail -1
#=== nl -w2 -s'. ' nodes.txt
nl -w2 -s'. ' nodes.txt
#=== paste -d'\t' nodes.txt top.txt | cut -f2 | head -2
paste -d'\t' nodes.txt top.txt | cut -f2 | head -2
#=== paste -s nodes.txt | cut -c1-20
paste -s nodes.txt | cut -c1-20
#=== tac nodes.txt | head -1
tac nodes.txt | head -1
#=== diff pod.yaml pod.yaml; echo $?
diff pod.yaml pod.yaml; echo $?
#=== diff -y -W 40 <(printf 'a\nb\n') <(printf 'a\nc\n')
diff -y -W 40 <(printf 'a\nb\n') <(printf 'a\nc\n')
#=== diff -q pod.yaml nodes.txt; echo $?
diff -q pod.yaml nodes.txt; echo $?
#=== diff -rq . . ; echo $?
diff -rq . . ; echo $?
#=== diff --brief a nosuch; echo $?
diff --brief a nosuch; echo $?
#=== diff -w <(echo 'a  b') <(echo 'a b'); echo $?
diff -w <(echo 'a  b') <(echo 'a b'); echo $?
#=== comm nosuch nodes.txt; echo $?
comm nosuch nodes.txt; echo $?
#=== find . -type f -size +1k | sort
find . -type f -size +1k | sort
#=== find . -mmin -5 -name '*.log'
find . -mmin -5 -name '*.log'
#=== find . -name '*.txt' -o -name '*.log' | sort
find . -name '*.txt' -o -name '*.log' | sort
#=== find . -type f ! -name '*.txt' | sort
find . -type f ! -name '*.txt' | sort
#=== find . -name '*.yaml' -exec sh -c 'echo got $1' _ {} \;
find . -name '*.yaml' -exec sh -c 'echo got $1' _ {} \;
#=== find . -empty
find . -empty
#=== find . -name 'nodes*' -delete; ls nodes* 2>/dev/null; echo $?
find . -name 'nodes*' -delete; ls nodes* 2>/dev/null; echo $?
#=== find nosuch; echo $?
find nosuch; echo $?
#=== find . -nosuch; echo $?
find . -nosuch; echo $?
#=== find . -maxdepth 1 -type f | wc -l
find . -maxdepth 1 -type f | wc -l
#=== find . -perm 644 -name pod.yaml
find . -perm 644 -name pod.yaml
#=== find . -regex '.*\.ya?ml'
find . -regex '.*\.ya?ml'
#=== stat -c '%n %s' pod.yaml nosuch; echo $?
stat -c '%n %s' pod.yaml nosuch; echo $?
#=== mkdir a; mkdir a; mkdir -p a; echo $?
mkdir a; mkdir a; mkdir -p a; echo $?
#=== rm nosuch; echo $?
rm nosuch; echo $?
#=== rm -rf a nosuch; echo $?
rm -rf a nosuch; echo $?
#=== rm -r .; echo $?
rm -r .; echo $?
#=== mkdir d; rm d; rmdir d; echo $?
mkdir d; rm d; rmdir d; echo $?
#=== cp pod.yaml d/; echo $?
cp pod.yaml d/; echo $?
#=== cp nosuch x; echo $?
cp nosuch x; echo $?
#=== mkdir d; cp d e; cp -r d e && ls -d e
mkdir d; cp d e; cp -r d e && ls -d e
#=== mv nosuch x; echo $?
mv nosuch x; echo $?
#=== mv pod.yaml p.yaml && ls p.yaml
mv pod.yaml p.yaml && ls p.yaml
#=== ln -s nosuch l; cat l; ls -L l; echo $?
ln -s nosuch l; cat l; ls -L l; echo $?
#=== touch -d '2026-01-02 03:04' f; stat -c %y f; date -r f +%F
touch -d '2026-01-02 03:04' f; stat -c %y f; date -r f +%F
#=== ls -l nodes.txt | awk '{print $1,$5,$NF}'
ls -l nodes.txt | awk '{print $1,$5,$NF}'
#=== ls -lh pods.txt | awk '{print $5}'
ls -lh pods.txt | awk '{print $5}'
#=== ls -a | head -2
ls -a | head -2
#=== ls nosuch; echo $?
ls nosuch; echo $?
#=== chmod u+x pod.yaml; stat -c %a pod.yaml; chmod -x pod.yaml; stat -c %a pod.yaml; chmod zz pod.yaml
chmod u+x pod.yaml; stat -c %a pod.yaml; chmod -x pod.yaml; stat -c %a pod.yaml; chmod zz pod.yaml
#=== chmod 0755 nosuch; echo $?
chmod 0755 nosuch; echo $?
#=== basename -s .yaml a/b.yaml; basename /; dirname a
basename -s .yaml a/b.yaml; basename /; dirname a
#=== base64 -d <<< '!!!'; echo $?
base64 -d <<< '!!!'; echo $?
#=== base64 <<< "$(seq 30)"
base64 <<< "$(seq 30)"
#=== md5sum nodes.txt | md5sum -c; sha256sum -c <<< 'x  nodes.txt'; echo $?
md5sum nodes.txt | md5sum -c; sha256sum -c <<< 'x  nodes.txt'; echo $?
#=== printf '%d\n' abc; echo $?
printf '%d\n' abc; echo $?
#=== printf '%s\n'
printf '%s\n'
#=== printf '%q\n' 'a b' "it's"
printf '%q\n' 'a b' "it's"
#=== printf '%b' 'a\tb\n'
printf '%b' 'a\tb\n'
#=== seq 3 -1 1; seq 1 0.5 2; seq; echo $?
seq 3 -1 1; seq 1 0.5 2; seq; echo $?
#=== seq x; echo $?
seq x; echo $?
#=== date -d nonsense; echo $?
date -d nonsense; echo $?
#=== date -d '1 day ago' +%Y >/dev/null && echo ok
date -d '1 day ago' +%Y >/dev/null && echo ok
#=== date -d 2026-02-30; echo $?
date -d 2026-02-30; echo $?
#=== date -u -d '2026-03-01T10:00:00Z' '+%s %a %b %e %j %U'
date -u -d '2026-03-01T10:00:00Z' '+%s %a %b %e %j %U'
#=== expr 1 / 0; echo $?
expr 1 / 0; echo $?
#=== expr a + 1; echo $?
expr a + 1; echo $?
#=== test 1 -eq x; echo $?
test 1 -eq x; echo $?
#=== [ -z "" -a -n x ]; echo $?
[ -z "" -a -n x ]; echo $?
#=== [ a = b; echo $?
[ a = b; echo $?
#=== timeout 0.1 sleep 1; echo $?; timeout 5 true; echo $?; timeout x true; echo $?
timeout 0.1 sleep 1; echo $?; timeout 5 true; echo $?; timeout x true; echo $?
#=== env -i A=1 env
env -i A=1 env
#=== env A=1 B=2 sh -c 'echo $A$B'
env A=1 B=2 sh -c 'echo $A$B'
#=== env nosuchcmd; echo $?
env nosuchcmd; echo $?
#=== nosuchcmd; echo $?
nosuchcmd; echo $?
#=== ./pod.yaml; echo $?
./pod.yaml; echo $?
#=== cd nosuch; echo $?
cd nosuch; echo $?
#=== tee /nosuch/x <<< hi; echo $?
tee /nosuch/x <<< hi; echo $?
#=== cat < nosuch; echo $?
cat < nosuch; echo $?
#=== cat pod.yaml > /nosuch/x; echo $?
cat pod.yaml > /nosuch/x; echo $?
#=== echo $UNSET "${UNSET:-default}" "${UNSET:?not set}"; echo after
echo $UNSET "${UNSET:-default}" "${UNSET:?not set}"; echo after
#=== set -u; echo $UNSETX; echo no
set -u; echo $UNSETX; echo no
#=== set -e; false; echo no
set -e; false; echo no
#=== set -o pipefail; false | true; echo $?
set -o pipefail; false | true; echo $?
#=== trap 'echo bye' EXIT; echo hi
trap 'echo bye' EXIT; echo hi
#=== f() { local x=1; echo $x; return 3; }; f; echo $? $x
f() { local x=1; echo $x; return 3; }; f; echo $? $x
#=== a=(1 2 3); echo ${a[@]:1} ${#a[@]} ${a[-1]}; a+=(4); echo ${a[*]}
a=(1 2 3); echo ${a[@]:1} ${#a[@]} ${a[-1]}; a+=(4); echo ${a[*]}
#=== declare -A m=([k]=v); m[x]=y; for k in "${!m[@]}"; do echo $k=${m[$k]}; done | sort
declare -A m=([k]=v); m[x]=y; for k in "${!m[@]}"; do echo $k=${m[$k]}; done | sort
#=== case v1.35 in v1.3[0-4]) echo old;; v1.*) echo new;; esac
case v1.35 in v1.3[0-4]) echo old;; v1.*) echo new;; esac
#=== for ((i=0;i<2;i++)); do echo n$i; done
for ((i=0;i<2;i++)); do echo n$i; done
#=== until false; do echo once; break; done
until false; do echo once; break; done
#=== select x in a b; do echo $x; break; done <<< 1
select x in a b; do echo $x; break; done <<< 1
#=== read -r a b <<< 'x y z'; echo "$a|$b"
read -r a b <<< 'x y z'; echo "$a|$b"
#=== IFS=, read -ra p <<< 'a,b,c'; echo ${p[1]}
IFS=, read -ra p <<< 'a,b,c'; echo ${p[1]}
#=== echo a{1..3}b {a,b}{1,2} {01..03} {z..x}
echo a{1..3}b {a,b}{1,2} {01..03} {z..x}
#=== echo "$(printf 'a\n\n')" | wc -l
echo "$(printf 'a\n\n')" | wc -l
#=== echo `echo back`; echo $(< nodes.txt) | wc -w
echo `echo back`; echo $(< nodes.txt) | wc -w
#=== cat <<'EOF'
cat <<'EOF'
x: $HOME
EOF
#=== cat <<-EOF
cat <<-EOF
	x: $HOME
	EOF
#=== echo ${PWD##*/} $OLDPWD
echo ${PWD##*/} $OLDPWD
#=== type -t ls cd f; echo $?
type -t ls cd f; echo $?
#=== command -v awk grep; which nosuch; echo $?
command -v awk grep; which nosuch; echo $?
#=== alias k=kubectl; alias
alias k=kubectl; alias
#=== history | head -1
history | head -1
#=== ulimit -n >/dev/null; echo $?
ulimit -n >/dev/null; echo $?
#=== getopts ab: o -b x; echo $o $OPTARG
getopts ab: o -b x; echo $o $OPTARG
#=== let x=3*4; echo $x; echo $((x++)) $x $((x>10?1:0))
let x=3*4; echo $x; echo $((x++)) $x $((x>10?1:0))
#=== printf -v y '%03d' 7; echo $y
printf -v y '%03d' 7; echo $y
#=== echo ${y:0:2} ${y: -1} ${y//0/o} ${y@Q}
echo ${y:0:2} ${y: -1} ${y//0/o} ${y@Q}
#=== [[ a < b && -f pod.yaml ]] && echo yes
[[ a < b && -f pod.yaml ]] && echo yes
#=== [[ abc == a* ]] && [[ ! abc =~ ^b ]] && echo ok
[[ abc == a* ]] && [[ ! abc =~ ^b ]] && echo ok
#=== time_=$( { time true; } 2>&1 | grep -c real ); echo $time_
time_=$( { time true; } 2>&1 | grep -c real ); echo $time_
#=== wait; jobs; sleep 0.01 & wait $!; echo $?
wait; jobs; sleep 0.01 & wait $!; echo $?
#=== exec 3< nodes.txt; read -r l <&3; echo "$l" | cut -c1-4
exec 3< nodes.txt; read -r l <&3; echo "$l" | cut -c1-4
#=== echo err >&2 2>/dev/null; echo out 2>&1 >/dev/null
echo err >&2 2>/dev/null; echo out 2>&1 >/dev/null
#=== { echo a; echo b >&2; } 2>&1 | sort
{ echo a; echo b >&2; } 2>&1 | sort
#=== (exit 4); echo $?; ! true; echo $?
(exit 4); echo $?; ! true; echo $?
#=== cat pods.txt | tr -s ' ' | cut -d' ' -f4 | tail -n +2 | sort | uniq -c | sort -k1,1nr -k2 | head -2
cat pods.txt | tr -s ' ' | cut -d' ' -f4 | tail -n +2 | sort | uniq -c | sort -k1,1nr -k2 | head -2
#=== split --nosuch; echo $?
split --nosuch; echo $?
#=== du -sh nosuch; echo $?
du -sh nosuch; echo $?
#=== column -t -H 2,1 -N a,b,c <<< $'a 1 x\nbb 22 y'
column -t -H 2,1 -N a,b,c <<< $'a 1 x\nbb 22 y'
#=== column -J -N a,b,c <<< $'a "q" x\\y\nb 1 2'
column -J -N a,b,c <<< $'a "q" x\\y\nb 1 2'
#=== column -J -N A,B <<< $'1 2 3'
column -J -N A,B <<< $'1 2 3'
#=== column -J <<< $'1 2'
column -J <<< $'1 2'
#=== column -t -l 2 -s, <<< $'a,b,c\nd,e'
column -t -l 2 -s, <<< $'a,b,c\nd,e'
#=== column -t -d -N aaaa,b <<< $'1 2'
column -t -d -N aaaa,b <<< $'1 2'
#=== column -t -O c,a -N a,b,c <<< $'a 1 x\nbb 22 y'
column -t -O c,a -N a,b,c <<< $'a 1 x\nbb 22 y'
#=== column -t -H - -N a,b <<< $'a 1 x'
column -t -H - -N a,b <<< $'a 1 x'
#=== column -t -R 0 <<< $'a 1 x\nbb 22 yy'
column -t -R 0 <<< $'a 1 x\nbb 22 yy'
#=== column -t -R nosuch <<< $'a 1'
column -t -R nosuch <<< $'a 1'
#=== column -t -N a <<< $'a 1 x\nbb 22 y'
column -t -N a <<< $'a 1 x\nbb 22 y'
#=== grep -P '^(?!.*(Running|NAME)).*$' pods.txt | awk '{print $2}'
grep -P '^(?!.*(Running|NAME)).*$' pods.txt | awk '{print $2}'
#=== grep -oP 'image: \K[^:]+(?=:)' pod.yaml
grep -oP 'image: \K[^:]+(?=:)' pod.yaml
#=== grep -P '(\w)(?=mark)' pod.yaml; echo $?
grep -P '(\w)(?=mark)' pod.yaml; echo $?
#=== grep -oP '(?<=name: )\w+$' pod.yaml
grep -oP '(?<=name: )\w+$' pod.yaml
#=== grep -A0 --group-separator='##' image pod.yaml
grep -A0 --group-separator='##' image pod.yaml
#=== sort -k2R <<< $'a x' ; sort -R <<< $'b\nb\na' | uniq -c | sort -k2
sort -k2R <<< $'a x' ; sort -R <<< $'b\nb\na' | uniq -c | sort -k2
#=== find . -regex './\(pod\|app\)\..*' | sort
find . -regex './\(pod\|app\)\..*' | sort
#=== find . -regextype posix-extended -regex '.*(log|yaml)' | sort
find . -regextype posix-extended -regex '.*(log|yaml)' | sort
#=== which ls bash; which -a nosuch; echo $?
which ls bash; which -a nosuch; echo $?
#=== which; echo $?; which -x; echo $?
which; echo $?; which -x; echo $?
#=== awk 'BEGIN{print 2147483647, 2147483648, -2147483648, 123456789012, 1e3*1e3*1e3*3}'
awk 'BEGIN{print 2147483647, 2147483648, -2147483648, 123456789012, 1e3*1e3*1e3*3}'
#=== awk 'BEGIN{x=3000000000; printf "%d %s\n", x, x; print x ""}'
awk 'BEGIN{x=3000000000; printf "%d %s\n", x, x; print x ""}'
#=== date -d 2026-13-01; date -d '2024-02-29' +%j; date -d '31 apr 2026'; echo $?
date -d 2026-13-01; date -d '2024-02-29' +%j; date -d '31 apr 2026'; echo $?
