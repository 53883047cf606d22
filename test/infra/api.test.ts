import { globSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { CLOSE } from "../../protocol/close-codes.ts";
import { clientMessageSchema, serverMessageSchema } from "../../protocol/messages.ts";
import { updateSchema } from "../../protocol/updates.ts";
import { asyncApi } from "../../scripts/deploy/asyncapi.ts";
import { openApi } from "../../scripts/deploy/openapi.ts";

const { version } = v.parse(v.object({ version: v.string() }), JSON.parse(readFileSync("package.json", "utf8")));
const committed = (name: string) => JSON.parse(readFileSync(`docs/${name}.json`, "utf8"));
const documents = { openapi: openApi(version), asyncapi: asyncApi(version) };
const typesOf = (options: readonly { entries: { type: { literal: string } } }[]) =>
  options.map(({ entries }) => entries.type.literal);

/** Returns every `$ref` in a document. */
function refsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "$ref" ? [String(inner)] : refsIn(inner)));
}

function follow(document: unknown, reference: string): unknown {
  return reference
    .slice(2)
    .split("/")
    .reduce<unknown>((place, name) => Object(place)[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);
}

describe.each(["openapi", "asyncapi"] as const)("docs/%s.json", (name) => {
  test("is the document that `npm run api` makes of today's schemas.", () => {
    expect(committed(name)).toEqual(JSON.parse(JSON.stringify(documents[name])));
  });

  test("has no reference without a target.", () => {
    const references = refsIn(documents[name]);
    expect(references.length).toBeGreaterThan(5);
    for (const reference of references) expect([reference, follow(documents[name], reference)]).not.toContain(undefined);
  });
});

describe("The API documents", () => {
  test("The OpenAPI document describes every address of the hub and no other.", () => {
    const files = ["worker/index.ts", ...globSync("worker/routes/*.ts")];
    const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
    const served = [...source.matchAll(/(?:app|Routes)\.(get|post|put|delete)\("(\/[\w/:-]+)"/g)].map(
      ([, method, path]) => `${method} ${path?.replace(/:(\w+)/g, "{$1}")}`,
    );
    const described = Object.entries(
      v.parse(v.record(v.string(), v.record(v.string(), v.unknown())), committed("openapi").paths),
    ).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== "parameters")
        .map((method) => `${method} ${path.replace("/v1/instances/{instanceId}", "")}`),
    );
    expect(described.toSorted()).toEqual([...new Set(served)].toSorted());
  });

  test("The OpenAPI document says for every operation how a caller proves who it is, and which bodies its answers have.", () => {
    const operationSchema = v.looseObject({
      security: v.array(v.record(v.string(), v.array(v.string()))),
      responses: v.record(v.string(), v.looseObject({ content: v.optional(v.unknown()) })),
    });
    const paths = v.parse(v.record(v.string(), v.looseObject({})), documents.openapi["paths"]);
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) =>
        method === "parameters" ? [] : [{ path, method, ...v.parse(operationSchema, operation) }],
      ),
    );
    expect(operations.length).toBeGreaterThan(7);
    for (const { path, security, responses } of operations) {
      // Without a body are only the answer to a socket and "not modified".
      for (const [status, { content }] of Object.entries(responses)) {
        expect([path, status, content === undefined]).toEqual([path, status, ["101", "304"].includes(status)]);
      }
      if (security.some((scheme) => "signature" in scheme)) {
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(["401", "413", "415", "429", "503"]));
      }
    }
  });

  test("The API documents describe every update type, every message and every close code.", () => {
    const update = JSON.stringify(committed("openapi").components.schemas.Update);
    for (const type of typesOf(updateSchema.options)) expect(update).toContain(`{"const":"${type}"}`);
    const { messages } = committed("asyncapi").components;
    const known = [...typesOf(serverMessageSchema.options), ...typesOf(clientMessageSchema.options), "ping", "pong"];
    expect(Object.keys(messages).toSorted()).toEqual(known.toSorted());
    expect(committed("asyncapi").channels.live["x-close-codes"].map(({ code }: { code: number }) => code)).toEqual(
      Object.values(CLOSE).map(({ code }) => code),
    );
  });

  test("The AsyncAPI document says what a viewer receives and sends.", () => {
    const { operations } = committed("asyncapi");
    const names = (operation: { messages: { $ref: string }[] }) => operation.messages.map(({ $ref }) => $ref.split("/").at(-1));
    expect(names(operations.receive)).toContain("agentStatusBatch");
    expect(names(operations.send)).toEqual([...typesOf(clientMessageSchema.options), "ping"]);
  });
});
