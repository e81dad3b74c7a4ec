/** CoreDNS' own plugins in the order in which they are asked, whatever the order of the Corefile (plugin.cfg of 1.13). */
export const directives: readonly string[] =
  `root metadata geoip cancel tls quic timeouts multisocket reload nsid bufsize bind debug trace ready health pprof
  prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal
  template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc
  erratic whoami on sign view nomad`.split(/\s+/);
