import { get } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RecordingsPage, startRecordingsPage } from "../../../local/start/recordings-page.ts";

const WAV = {
  key: "2026/11/26/c1.wav",
  bytes: new Uint8Array(32_044).map((_, index) => index),
  contentType: "audio/wav",
  modifiedAt: 0,
};
const JSON_OF = {
  key: "2026/11/26/c1.json",
  bytes: new TextEncoder().encode('{"a":1}'),
  contentType: "application/json",
  modifiedAt: 0,
};

let page: RecordingsPage;
let objects = [WAV, JSON_OF];
beforeAll(async () => {
  page = await startRecordingsPage(() => objects);
});
afterAll(() => page.close());

test("The page lists each recording with a player, its length and its transcript.", async () => {
  const answer = await fetch(page.url);
  expect(answer.headers.get("content-type")).toContain("text/html");
  const html = await answer.text();
  expect(html).toContain('<audio controls preload="none" src="/2026/11/26/c1.wav">');
  expect(html).toContain("<td>1 s</td>");
  expect(html).toContain('<a href="/2026/11/26/c1.json">transcript</a>');
});

test("The page says so when there is no recording yet.", async () => {
  objects = [];
  expect(await (await fetch(page.url)).text()).toContain("There is none yet.");
  objects = [WAV, JSON_OF];
});

test("A recording is served whole and in parts.", async () => {
  const whole = await fetch(`${page.url}${WAV.key}`);
  expect([whole.status, whole.headers.get("content-type")]).toEqual([200, "audio/wav"]);
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(WAV.bytes);
  const part = await fetch(`${page.url}${WAV.key}`, { headers: { range: "bytes=100-199" } });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 100-199/32044"]);
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(WAV.bytes.subarray(100, 200));
  expect((await fetch(`${page.url}${WAV.key}`, { headers: { range: "bytes=40000-" } })).status).toBe(416);
});

test("An unknown recording, an unreadable address and another method are refused.", async () => {
  expect((await fetch(`${page.url}2026/11/26/c2.wav`)).status).toBe(404);
  expect((await fetch(`${page.url}%ff`)).status).toBe(404);
  expect((await fetch(page.url, { method: "DELETE" })).status).toBe(405);
});

test("A request by another host name is refused, because it may come from a foreign web page.", async () => {
  const status = await new Promise((resolve, reject) => {
    get(page.url, { headers: { host: "evil.example" } }, (answer) => resolve(answer.resume().statusCode)).on("error", reject);
  });
  expect(status).toBe(403);
});
