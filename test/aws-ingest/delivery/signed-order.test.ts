import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import type { KeyRing } from "../../../aws-ingest/clients/secrets.ts";
import { readSignedOrder } from "../../../aws-ingest/delivery/signed-order.ts";
import { importSecrets } from "../../../protocol/signature.ts";

const OLD = `whsec_${Buffer.from("old secret of thirty-two bytes!!").toString("base64")}`;
const NEW = `whsec_${Buffer.from("new secret of thirty-two bytes!!").toString("base64")}`;
const ORDER = { action: "stop", instanceId: "i1", agentId: "a1", contactId: "c1" };
const NOW = Date.UTC(2026, 10, 20, 12);

/** A request whose signature is by a library that is not ours. */
function request(secret: string, at: number, id = "msg-1") {
  const body = JSON.stringify(ORDER);
  const signature = new Webhook(secret).sign(id, new Date(at), body);
  const headers = { "webhook-id": id, "webhook-timestamp": String(Math.floor(at / 1000)), "webhook-signature": signature };
  return { requestContext: { http: { method: "POST" } }, headers, body };
}

/** A ring that keeps the keys until somebody wants fresh ones. */
function ringOf(secrets: { stored: string }) {
  let kept: string | null = null;
  const counted: { reads: number; ring: KeyRing } = {
    reads: 0,
    ring: {
      keys(fresh = false) {
        if (fresh || kept === null) {
          kept = secrets.stored;
          counted.reads += 1;
        }
        return importSecrets(kept);
      },
    },
  };
  return counted;
}

test("An order with a secret that was just changed counts at once, because the function reads its secret again.", async () => {
  const secrets = { stored: OLD };
  const counted = ringOf(secrets);
  expect(await readSignedOrder(request(OLD, NOW), counted.ring, NOW)).toMatchObject({ ok: true, order: ORDER });
  secrets.stored = NEW;
  expect(await readSignedOrder(request(NEW, NOW), counted.ring, NOW)).toMatchObject({ ok: true, order: ORDER });
  expect(counted.reads).toBe(2);
});

test("A stranger makes the function read its secret once in ten seconds at most, also when the clock is set back.", async () => {
  const counted = ringOf({ stored: OLD });
  const forgedAt = async (seconds: number) => {
    const at = NOW + 60_000 + seconds * 1000;
    expect(await readSignedOrder(request(NEW, at), counted.ring, at)).toEqual({ ok: false, reason: "no_match" });
    return counted.reads;
  };
  expect([await forgedAt(0), await forgedAt(1), await forgedAt(9)]).toEqual([2, 2, 2]);
  expect([await forgedAt(10), await forgedAt(5), await forgedAt(-30)]).toEqual([3, 3, 4]);
});

test("An id beyond 128 characters is refused, whoever signed it.", async () => {
  const { ring } = ringOf({ stored: OLD });
  const read = (length: number) => readSignedOrder(request(OLD, NOW, "x".repeat(length)), ring, NOW);
  expect([(await read(128)).ok, await read(129)]).toEqual([true, { ok: false, reason: "bad_id" }]);
});
