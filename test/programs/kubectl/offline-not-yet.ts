/** Recorded command lines that our kubectl does not answer like the real one yet. Entries are only ever taken out. */
export const notYet: ReadonlySet<string> = new Set([
  // kubectl label -f pod.yaml k=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa --local
  "offline/local-label-annotate-patch/045",
  // kubectl kustomize k/dev
  "offline/kustomize/003",
  // kubectl kustomize k/json6902
  "offline/kustomize/007",
  // kubectl kustomize k/prod -o out.yaml
  "offline/kustomize/009",
  // kubectl kustomize k/none
  "offline/kustomize/011",
  // kubectl kustomize k/dup
  "offline/kustomize/014",
  // kubectl kustomize k/base k/prod
  "offline/kustomize/016",
  // kubectl kustomize k/base --enable-helm
  "offline/kustomize/018",
  // kubectl get -k nodir
  "offline/usage-errors/025",
  // kubectl apply -k k/none
  "offline/usage-errors/052",
  // kubectl apply edit-last-applied
  "offline/usage-errors/070",
  // kubectl diff -f pod.yaml --concurrency=abc
  "offline/usage-errors/090",
  // kubectl port-forward web
  "offline/usage-errors/181",
  // kubectl proxy --port=abc
  "offline/usage-errors/182",
  // kubectl auth reconcile
  "offline/usage-errors/227",
  // kubectl auth reconcile -f nope.yaml
  "offline/usage-errors/228",
  // kubectl debug web
  "offline/usage-errors/245",
  // kubectl debug web --image=busybox --profile=foo
  "offline/usage-errors/247",
  // kubectl debug web --image=busybox --copy-to=x --target=y
  "offline/usage-errors/248",
]);
