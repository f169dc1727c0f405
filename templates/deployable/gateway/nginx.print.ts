import type { Blueprint } from '../../../src/blueprint/schema.ts';
import type { SystemSpec } from '../../../src/plan/template.ts';

/** A deployable behind the gateway, and the modules whose paths lead to it. */
export interface Route {
  readonly deployable: string;
  readonly modules: readonly string[];
}

export const proxied = ({ deployables }: Blueprint): readonly Route[] =>
  deployables.filter(({ kind }) => kind === 'server').map(({ name, hosts }) => ({ deployable: name, modules: hosts }));

/** Where the deployables answer where containers find each other by name; other targets mount a file of their own. */
export function addresses(system: SystemSpec, routes: readonly Route[]): string {
  const ports = new Map(system.all('process').map(({ deployable, ports }) => [deployable, ports.public]));
  return `# Where the deployables answer. This is Docker's way; elsewhere mount a file of your own in its place.
resolver 127.0.0.11 valid=5s ipv6=off;
${routes
  .map(
    ({ deployable }) => `
upstream ${deployable} {
  zone ${deployable} 64k;
  # Nobody is shut out for a failure: one broken connection would shut out the last instance that is left. Those that are
  # gone leave by their name, and until then each request goes on to the next one.
  server ${deployable}:${ports.get(deployable)} resolve max_fails=0;
  keepalive 64;
}
`,
  )
  .join('')}`;
}

const problem = (status: number, name: string, title: string, detail: string) =>
  `'{"type":"urn:problem:platform:${name}","title":"${title}","status":${status},"detail":"${detail}","traceId":"$trace_id"}'`;

/** The server that clients see. What it answers itself looks like an answer of the platform. */
export function configuration(routes: readonly Route[], port: number): string {
  return `# Printed from architecture.yaml: which path leads where. Do not edit; \`addresses.conf\` says where deployables answer.
worker_processes auto;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;

events {
  worker_connections 4096;
}

http {
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  types {
    application/json json;
    text/html html;
  }
  include addresses.conf;

  # The trace of the client where it sends one, else a new one.
  map $http_traceparent $trace_id {
    '~^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$' $1;
    default $request_id;
  }
  map $http_traceparent $trace {
    '~^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' $http_traceparent;
    default 00-$request_id-0000000000000001-00;
  }
  # The page for people has its style within.
  map $uri $styles {
    /docs "style-src 'unsafe-inline'; ";
  }
  log_format line escape=json
    '{"time":"$time_iso8601","method":"$request_method","path":"$uri","status":$status,"durationS":$request_time,'
    '"upstream":"$upstream_addr","upstreamS":"$upstream_response_time","traceId":"$trace_id"}';
  access_log /dev/stdout line;

  # For each address of clients; the deployables limit each caller as well.
  limit_req_zone $binary_remote_addr zone=clients:10m rate=500r/s;
  limit_req_status 429;

  server {
    listen ${port};
    # Certificates: a file here with \`listen 8443 ssl\`, \`ssl_certificate\` and \`ssl_certificate_key\`.
    include tls/*.conf;
    server_tokens off;
    absolute_redirect off;
    client_max_body_size 2m;
    client_body_timeout 10s;
    client_header_timeout 10s;
    send_timeout 10s;
    # More than load balancers before it keep a connection idle (60 s), so that it is they who close it.
    keepalive_timeout 65s;
    limit_req zone=clients burst=1000 nodelay;

    proxy_http_version 1.1;
    proxy_set_header connection '';
    proxy_set_header host $host;
    proxy_set_header traceparent $trace;
    proxy_set_header x-request-id $request_id;
    proxy_set_header x-forwarded-for $proxy_add_x_forwarded_for;
    proxy_set_header x-forwarded-proto $scheme;
    proxy_connect_timeout 1s;
    proxy_read_timeout 15s;
    proxy_send_timeout 15s;
    # Only what has not reached a deployable, or may be repeated, goes to another instance.
    proxy_next_upstream error timeout;
    proxy_next_upstream_tries 3;
    proxy_next_upstream_timeout 10s;

    error_page 404 @no_route;
    error_page 405 @method;
    error_page 413 @too_long;
    error_page 429 @limited;
    error_page 502 503 =503 @unavailable;
    error_page 504 @late;
${routes
  .map(({ deployable, modules }) =>
    modules
      .map(
        (module) => `
    location /${module}/ {
      if ($http_idempotency_key) {
        error_page 418 = @${module}_again;
        return 418;
      }
      proxy_pass http://${deployable};
    }
    # What has a key has one effect, however often it arrives: another instance gets it when the first one is gone.
    location @${module}_again {
      recursive_error_pages on;
      proxy_next_upstream error timeout non_idempotent;
      proxy_pass http://${deployable};
    }
`,
      )
      .join(''),
  )
  .join('')}
    location = /livez {
      if ($request_method !~ ^(GET|HEAD)$) {
        return 405;
      }
      include headers.conf;
      default_type application/json;
      return 200 '{"live":true}';
    }
    location = /readyz {
      if ($request_method !~ ^(GET|HEAD)$) {
        return 405;
      }
      include headers.conf;
      default_type application/json;
      return 200 '{"ready":true}';
    }
    # The operations of all modules, written when the image is built.
    location = /openapi.json {
      include headers.conf;
      root public;
    }
    location = /docs {
      include headers.conf;
      default_type text/html;
      alias public/docs.html;
    }
    location / {
      return 404;
    }

    location @no_route {
      include headers.conf;
      default_type application/problem+json;
      return 404 ${problem(404, 'no-route', 'No route', 'Nothing lives at this path.')};
    }
    location @method {
      include headers.conf;
      add_header allow GET always;
      default_type application/problem+json;
      return 405 ${problem(405, 'method-not-allowed', 'Method not allowed', 'This path answers to GET.')};
    }
    location @too_long {
      include headers.conf;
      default_type application/problem+json;
      return 413 ${problem(413, 'body-too-long', 'Body too long', 'The body is longer than this server accepts.')};
    }
    location @limited {
      include headers.conf;
      add_header retry-after 1 always;
      default_type application/problem+json;
      return 429 ${problem(429, 'rate-limited', 'Rate limited', 'Too many requests.')};
    }
    location @unavailable {
      include headers.conf;
      add_header retry-after 1 always;
      default_type application/problem+json;
      return 503 ${problem(503, 'unavailable', 'Unavailable', 'What answers here cannot be reached.')};
    }
    location @late {
      include headers.conf;
      default_type application/problem+json;
      return 504 ${problem(504, 'timeout', 'Timeout', 'The request took too long.')};
    }
  }
}
`;
}
