/** Names of ports that Debian 12's /etc/services has (netbase 6.4): those of TCP; what only UDP or both have, says so. */
const listed = `ftp-data:20 ftp:21 ssh:22 telnet:23 smtp:25 domain:53:both bootps:67:udp bootpc:68:udp tftp:69:udp http:80
  kerberos:88:both pop3:110 sunrpc:111:both ntp:123:udp imap2:143 snmp:161:both ldap:389:both https:443:both syslog:514:udp
  submission:587 ldaps:636:both domain-s:853:both rsync:873 imaps:993 pop3s:995 openvpn:1194:both nfs:2049:both
  mysql:3306 ms-wbt-server:3389 svn:3690 epmd:4369 sip:5060:both amqps:5671 amqp:5672 postgresql:5432 redis:6379 x11:6000
  mysql-proxy:6446 http-alt:8080 tproxy:8081 zabbix-agent:10050 zabbix-trapper:10051`;

const byPort = new Map<string, string>();
const byName = new Map<string, number>();

function read(): void {
  for (const entry of listed.split(/\s+/)) {
    const [name = "", port = "", only = "tcp"] = entry.split(":");
    byName.set(name, Number(port));
    if (only !== "udp") byPort.set(`${port}/tcp`, name);
    if (only !== "tcp") byPort.set(`${port}/udp`, name);
  }
  byName.set("www", 80);
  byName.set("webcache", 8080);
}

/** The name of a port; undefined where it has none. */
export function serviceOf(port: number, protocol: "tcp" | "udp"): string | undefined {
  if (byPort.size === 0) read();
  return byPort.get(`${port}/${protocol}`);
}

/** The port that a name stands for. */
export function portNamed(name: string): number | undefined {
  if (byName.size === 0) read();
  return byName.get(name);
}
