"""Posts one signed update to a hub, with the standard library only.

INGEST_SECRET=whsec_... python3 examples/send.py http://127.0.0.1:8787 a8c17f30-f72c-4900-abd2-8745056c4c99
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid


def sign(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """Returns the signature of Standard Webhooks 1.0.0 over the exact bytes that are sent."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def post(hub: str, instance: str, secret: str, updates: list) -> dict:
    """Posts the updates. An answer 429 or 503 may be tried again with the same id: repeated posts are harmless."""
    body = json.dumps({"updates": updates}).encode()
    message_id = f"msg_{uuid.uuid4()}"
    timestamp = str(int(time.time()))
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": sign(secret, message_id, timestamp, body),
    }
    request = urllib.request.Request(f"{hub}/v1/instances/{instance}/updates", body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def main() -> None:
    if len(sys.argv) != 3 or not os.environ.get("INGEST_SECRET"):
        sys.exit(__doc__)
    now = int(time.time() * 1000)
    agent = {
        "type": "agent.state",
        "agentId": "A123",
        "occurredAt": now,
        "name": "Jane Doe",
        "signedIn": True,
        "status": {"name": "Available", "kind": "routable", "since": now},
        "contacts": [],
    }
    try:
        print(json.dumps(post(sys.argv[1], sys.argv[2], os.environ["INGEST_SECRET"], [agent])))
    except urllib.error.HTTPError as error:
        sys.exit(f"The hub answered {error.code}: {error.read().decode()}")


if __name__ == "__main__":
    main()
