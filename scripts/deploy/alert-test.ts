import * as v from "valibot";
import { HubError, postSigned, type SignedHub } from "./signed-hub.ts";

const answerSchema = v.object({ target: v.string(), delivered: v.boolean(), message: v.string() });
/** What became of the test message of one target. */
export type TargetTest = v.InferOutput<typeof answerSchema>;

const unknownSchema = v.looseObject({ error: v.literal("unknown_target"), targets: v.array(v.string()) });
/** No target has this name, because it has a character that names do not have. The hub then says which there are. */
const NO_TARGET = "?";

/** Lets the hub send a test message. @param target null = to every target. @throws HubError */
export async function testTargets(hub: SignedHub, target: string | null): Promise<readonly TargetTest[]> {
  if (target !== null) return [await testTarget(hub, target)];
  const tests: TargetTest[] = [];
  for (const name of await namesOf(hub)) {
    // One that cannot be tested now hides no other.
    tests.push(await testTarget(hub, name).catch((error: unknown) => failedTest(name, error)));
  }
  return tests;
}

async function testTarget(hub: SignedHub, target: string): Promise<TargetTest> {
  return v.parse(answerSchema, await postSigned(hub, "alerts/test", { target }));
}

function failedTest(target: string, error: unknown): TargetTest {
  if (error instanceof HubError) return { target, delivered: false, message: error.message };
  throw error;
}

async function namesOf(hub: SignedHub): Promise<readonly string[]> {
  try {
    await postSigned(hub, "alerts/test", { target: NO_TARGET });
  } catch (error) {
    const known = v.safeParse(unknownSchema, error instanceof HubError ? error.body : null);
    if (known.success && known.output.targets.length > 0) return known.output.targets;
    throw error;
  }
  return [];
}
