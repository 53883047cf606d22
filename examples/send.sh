#!/bin/sh
# Posts one signed update to a hub with openssl, od and curl.
# INGEST_SECRET=whsec_... sh examples/send.sh http://127.0.0.1:8787 a8c17f30-f72c-4900-abd2-8745056c4c99
set -eu
if [ $# -ne 2 ] || [ -z "${INGEST_SECRET:-}" ]; then
  sed -n '2,3s/^# //p' "$0" >&2
  exit 2
fi
seconds=$(date +%s)
now="${seconds}000"
id="msg_$(openssl rand -hex 16)"
body='{"updates":[{"type":"agent.state","agentId":"A124","occurredAt":'$now',"name":"Agente Dos","signedIn":true,
  "status":{"name":"Available","kind":"routable","since":'$now'},"contacts":[]}]}'

# The signature of Standard Webhooks 1.0.0 is over the exact bytes that are sent. The secret is whsec_ and base64.
key=$(printf %s "${INGEST_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=$(printf %s "$id.$seconds.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)

printf %s "$body" | curl --silent --show-error --fail-with-body --max-time 10 --data-binary @- \
  -H "content-type: application/json" \
  -H "webhook-id: $id" \
  -H "webhook-timestamp: $seconds" \
  -H "webhook-signature: v1,$signature" \
  "$1/v1/instances/$2/updates"
echo
