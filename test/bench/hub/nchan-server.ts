import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** Debian's package libnginx-mod-nchan puts the module here, and nginx its program. */
const MODULE = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const NGINX = "/usr/sbin/nginx";

/** The path for viewers, and the path for the frames that everybody gets. */
export const NCHAN_VIEWERS = "/viewers";
export const NCHAN_POSTS = "/frames";

export function hasNchan(): boolean {
  return existsSync(MODULE) && existsSync(NGINX);
}

/** Writes the configuration of an nginx that only fans out. Returns its command and port. */
export async function nchanServer(folder: string): Promise<{ command: string[]; port: number }> {
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/${kind};`);
  writeFileSync(
    file,
    `load_module ${MODULE};
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr error;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
  access_log off;
  ${temporary.join("\n  ")}
  client_max_body_size 32m;
  client_body_buffer_size 1m;
  nchan_shared_memory_size 256m;
  server {
    listen 127.0.0.1:${port};
    location = ${NCHAN_POSTS} { nchan_publisher http; nchan_channel_id board; nchan_message_buffer_length 10000; nchan_message_timeout 0; }
    location = ${NCHAN_VIEWERS} { nchan_subscriber websocket; nchan_channel_id board; nchan_subscriber_first_message oldest; }
    location / { return 200; }
  }
}
`,
  );
  return { command: [NGINX, "-e", "stderr", "-c", file], port };
}

/** nginx cannot announce a port that the system chooses, so one is chosen before. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The system gave no port. Run the measurement again.");
  return address.port;
}
