import { ConfigFault, type Directive } from "./parse.ts";

/** Where a directive may stand. */
type Place = "main" | "events" | "http" | "server" | "location" | "upstream" | "if" | "types" | "map" | "limit_except";

interface Rule {
  readonly in: readonly Place[];
  /** How many arguments it takes: at least, and at most. */
  readonly args: readonly [number, number];
  /** What its braces are, where it has some. */
  readonly block?: Place;
  /** "on" or "off" alone. */
  readonly flag?: true;
}

const MANY = 1000;
const any: readonly Place[] = ["http", "server", "location"];
const anyIf: readonly Place[] = ["http", "server", "location", "if"];
const core: readonly Place[] = ["main"];

/** The directives that are checked here; all but the `idle` ones do something (nginx.org/en/docs/dirindex.html, 1.29), and where they may stand. */
const rules: Readonly<Record<string, Rule>> = {
  user: { in: core, args: [1, 2] },
  worker_processes: { in: core, args: [1, 1] },
  error_log: { in: ["main", "http", "server", "location"], args: [1, 2] },
  pid: { in: core, args: [1, 1] },
  daemon: { in: core, args: [1, 1], flag: true },
  master_process: { in: core, args: [1, 1], flag: true },
  env: { in: core, args: [1, 1] },
  events: { in: core, args: [0, 0], block: "events" },
  worker_connections: { in: ["events"], args: [1, 1] },
  http: { in: core, args: [0, 0], block: "http" },
  server: { in: ["http", "upstream"], args: [0, MANY], block: "server" },
  upstream: { in: ["http"], args: [1, 1], block: "upstream" },
  map: { in: ["http"], args: [2, 2], block: "map" },
  types: { in: any, args: [0, 0], block: "types" },
  listen: { in: ["server"], args: [1, MANY] },
  server_name: { in: ["server"], args: [1, MANY] },
  location: { in: ["server", "location"], args: [1, 2], block: "location" },
  if: { in: ["server", "location"], args: [1, MANY], block: "if" },
  limit_except: { in: ["location"], args: [1, MANY], block: "limit_except" },
  root: { in: anyIf, args: [1, 1] },
  alias: { in: ["location"], args: [1, 1] },
  index: { in: any, args: [1, MANY] },
  autoindex: { in: any, args: [1, 1], flag: true },
  return: { in: ["server", "location", "if"], args: [1, 2] },
  rewrite: { in: ["server", "location", "if"], args: [2, 3] },
  set: { in: ["server", "location", "if"], args: [2, 2] },
  try_files: { in: ["server", "location"], args: [2, MANY] },
  error_page: { in: anyIf, args: [2, MANY] },
  add_header: { in: anyIf, args: [2, 3] },
  default_type: { in: any, args: [1, 1] },
  proxy_pass: { in: ["location", "if", "limit_except"], args: [1, 1] },
  proxy_set_header: { in: any, args: [2, 2] },
  allow: { in: [...any, "limit_except"], args: [1, 1] },
  deny: { in: [...any, "limit_except"], args: [1, 1] },
  stub_status: { in: ["server", "location"], args: [0, 1] },
  access_log: { in: [...anyIf, "limit_except"], args: [1, MANY] },
  log_format: { in: ["http"], args: [2, MANY] },
  server_tokens: { in: any, args: [1, 1] },
  internal: { in: ["location"], args: [0, 0] },
  ssl_certificate: { in: ["http", "server"], args: [1, 1] },
  ssl_certificate_key: { in: ["http", "server"], args: [1, 1] },
  ssl_protocols: { in: ["http", "server"], args: [1, MANY] },
};

/** Directives that nginx has and that change nothing here: what they tune is not simulated. */
const tuning: ReadonlySet<string> = new Set(
  `absolute_redirect accept_mutex accept_mutex_delay aio aio_write auth_delay charset charset_types chunked_transfer_encoding
  client_body_buffer_size client_body_in_file_only client_body_in_single_buffer client_body_temp_path client_body_timeout
  client_header_buffer_size client_header_timeout client_max_body_size connection_pool_size debug_connection debug_points
  directio directio_alignment disable_symlinks etag expires fastcgi_buffers fastcgi_buffer_size fastcgi_read_timeout
  fastcgi_temp_path gzip gzip_buffers gzip_comp_level gzip_disable gzip_http_version gzip_min_length gzip_proxied gzip_static
  gzip_types gzip_vary http2 http3 if_modified_since ignore_invalid_headers keepalive keepalive_disable keepalive_min_timeout
  keepalive_requests keepalive_time keepalive_timeout large_client_header_buffers limit_rate limit_rate_after
  lingering_close lingering_time lingering_timeout load_module lock_file log_not_found log_subrequest map_hash_bucket_size
  map_hash_max_size max_ranges merge_slashes msie_padding msie_refresh multi_accept open_file_cache open_file_cache_errors
  open_file_cache_min_uses open_file_cache_valid open_log_file_cache output_buffers pcre_jit port_in_redirect
  postpone_output proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size proxy_connect_timeout
  proxy_http_version proxy_max_temp_file_size proxy_next_upstream proxy_next_upstream_timeout proxy_next_upstream_tries
  proxy_pass_header proxy_hide_header proxy_read_timeout proxy_redirect proxy_request_buffering proxy_send_timeout
  proxy_socket_keepalive proxy_temp_path proxy_ignore_client_abort proxy_ssl_verify proxy_ssl_server_name quic_retry
  read_ahead recursive_error_pages request_pool_size reset_timedout_connection resolver resolver_timeout satisfy
  scgi_temp_path send_lowat send_timeout sendfile sendfile_max_chunk server_name_in_redirect server_names_hash_bucket_size
  server_names_hash_max_size ssl_buffer_size ssl_ciphers ssl_conf_command ssl_dhparam ssl_ecdh_curve
  ssl_prefer_server_ciphers ssl_session_cache ssl_session_tickets ssl_session_timeout ssl_stapling ssl_stapling_verify
  subrequest_output_buffer_size tcp_nodelay tcp_nopush thread_pool timer_resolution types_hash_bucket_size
  types_hash_max_size underscores_in_headers use uwsgi_temp_path variables_hash_bucket_size variables_hash_max_size
  worker_aio_requests worker_cpu_affinity worker_priority worker_rlimit_core worker_rlimit_nofile worker_shutdown_timeout
  working_directory zone least_conn ip_hash`
    .split(/\s+/)
    .filter(Boolean),
);

/** Directives of nginx that would change what one sees, and that are not simulated: the daemon says so when it starts. */
const missing: ReadonlySet<string> = new Set(
  `auth_basic auth_basic_user_file auth_request auth_request_set add_after_body add_before_body add_trailer break
  dav_access dav_methods fastcgi_index fastcgi_param fastcgi_pass fastcgi_split_path_info flv geo
  geoip_country grpc_pass grpc_set_header image_filter js_content js_import limit_conn limit_conn_zone limit_req
  limit_req_status limit_req_zone mail memcached_pass mirror mp4 perl post_action proxy_bind proxy_cache proxy_cache_key
  proxy_cache_path proxy_cache_valid proxy_cookie_path proxy_intercept_errors proxy_method proxy_set_body proxy_store
  random_index real_ip_header real_ip_recursive referer_hash_max_size scgi_pass secure_link set_real_ip_from slice
  split_clients ssi ssl_client_certificate ssl_crl ssl_password_file ssl_reject_handshake ssl_verify_client
  ssl_verify_depth stream sub_filter sub_filter_once userid uwsgi_param uwsgi_pass valid_referers xslt_stylesheet`
    .split(/\s+/)
    .filter(Boolean),
);

/** Directives that are checked, and do nothing here. */
const idle: ReadonlySet<string> = new Set(["env", "internal", "limit_except", "map"]);
/** What acts within an `if`. */
const actsInIf: ReadonlySet<string> = new Set(["return", "rewrite", "set"]);

/** Whether a directive that is in its place has no effect in this lab. */
function isIdle({ name, file }: Directive, place: Place): boolean {
  if (place === "if") return !actsInIf.has(name);
  return idle.has(name) || (name === "types" && file !== "/etc/nginx/mime.types");
}

/** Looks a configuration through before anything starts. Throws ConfigFault. Gives the directives that do nothing here. */
export function checkConfiguration(directives: readonly Directive[]): readonly Directive[] {
  const unheeded: Directive[] = [];
  checkBlock(directives, "main", unheeded);
  if (!directives.some(({ name }) => name === "events")) throw new ConfigFault('no "events" section in configuration');
  return unheeded;
}

function checkBlock(directives: readonly Directive[], place: Place, unheeded: Directive[]): void {
  if (place === "types" || place === "map") return;
  const seen = new Set<string>();
  for (const directive of directives) {
    const { name, args, block } = directive;
    if (tuning.has(name)) continue;
    if (missing.has(name)) {
      unheeded.push(directive);
      continue;
    }
    const rule: Rule | undefined = rules[name];
    if (place === "upstream" && name === "server") continue;
    if (!rule) throw new ConfigFault(`unknown directive "${name}"`, directive);
    if (!rule.in.includes(place)) throw new ConfigFault(`"${name}" directive is not allowed here`, directive);
    if (rule.block && !block) throw new ConfigFault(`directive "${name}" has no opening "{"`, directive);
    if (!rule.block && block) throw new ConfigFault(`directive "${name}" is not terminated by ";"`, directive);
    const [least, most] = rule.args;
    if (args.length < least || args.length > most)
      throw new ConfigFault(`invalid number of arguments in "${name}" directive`, directive);
    if (rule.flag && args[0] !== "on" && args[0] !== "off")
      throw new ConfigFault(`invalid value "${args[0]}" in "${name}" directive, it must be "on" or "off"`, directive);
    if (once.has(name) && seen.has(name)) throw new ConfigFault(`"${name}" directive is duplicate`, directive);
    seen.add(name);
    if (isIdle(directive, place)) unheeded.push(directive);
    if (block && rule.block) checkBlock(block, rule.block, unheeded);
  }
}

/** What may stand only once in a block. */
const once: ReadonlySet<string> = new Set(
  "user worker_processes pid daemon events http worker_connections root alias try_files default_type autoindex".split(
    " ",
  ),
);
