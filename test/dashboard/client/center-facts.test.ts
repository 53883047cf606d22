import { afterEach, beforeEach, expect, test } from "vitest";
import type { CenterFacts } from "../../../protocol/center.ts";
import type { ServerMessage } from "../../../protocol/messages.ts";
import { ClientFixture, NOW, until } from "./client-fixture.ts";

const CENTER: CenterFacts = { name: "Ventas", timeZone: "America/Mexico_City" };
let fixture: ClientFixture;
beforeEach(async () => {
  fixture = await ClientFixture.start();
});
afterEach(() => fixture.stop());

function list(seq: number, center?: CenterFacts): ServerMessage {
  return { type: "initialAgentList", epoch: "e", seq, serverTime: NOW, data: [], ...(center && { center }) };
}

test("CEN-1 The client knows the center that the hub names, and tells of a change.", async () => {
  fixture.hub.greeting = () => list(1, CENTER);
  const { client } = fixture;
  expect(client.center()).toBe(null);
  const seen: unknown[] = [];
  client.subscribeConnection(() => seen.push(client.center()?.name));
  await fixture.live();
  expect(client.center()).toEqual(CENTER);
  expect(seen).toContain("Ventas");
  fixture.hub.last.send(list(2));
  fixture.hub.last.send(list(3, { ...CENTER, name: null }));
  await until(() => expect(client.center()).toEqual({ ...CENTER, name: null }));
});

test("CEN-1 The client knows no center from an older hub.", async () => {
  await fixture.live();
  expect(fixture.client.center()).toBe(null);
});

test("CEN-1 The client begins with the center of its first data.", () => {
  const client = fixture.create({ initialData: { epoch: "e", seq: 1, serverTime: NOW, center: CENTER, data: [] } });
  expect(client.center()).toEqual(CENTER);
});
