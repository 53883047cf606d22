import * as v from "valibot";
import { type ActionOutcome, actionOutcomeSchema } from "../../protocol/actions.ts";
import { type ActionResult, resultOf, UNKNOWN } from "./action-result.ts";

/** What came back from the function; null = nothing did, in time or at all. */
export type FunctionAnswer = { readonly status: number; readonly body: string } | null;

const outcomeSchema = v.pipe(v.string(), v.parseJson(), actionOutcomeSchema);

const BUSY: ActionOutcome = {
  ok: false,
  code: "busy",
  message: "Too many actions run at once, so this was not done. Try again in some seconds.",
};
const REFUSED: ActionOutcome = {
  ok: false,
  code: "function_refused",
  message: "The function for actions refused the hub, so this was not done. Tell whoever runs the hub.",
};

/**
 * Reads the answer of the function. Only its own words say what was done. Lambda's function URL answers 429 and other 4xx before it
 * starts the function, and 5xx also when the function died half way (developer guide, "Invoking Lambda function URLs", read
 * 2026-11-26): then nobody knows.
 */
export function readFunctionAnswer(answer: FunctionAnswer): ActionResult {
  if (answer === null) return UNKNOWN;
  const { status, body } = answer;
  const outcome = v.safeParse(outcomeSchema, body);
  if (status === 200) return outcome.success ? resultOf(outcome.output) : UNKNOWN;
  if (status === 429) return resultOf(BUSY);
  // The function itself gives its reason. Redirects are not followed, and nothing of ours answers with one.
  if (status < 500 && outcome.success && !outcome.output.ok) return resultOf(outcome.output);
  return status >= 300 && status < 500 ? resultOf(REFUSED) : UNKNOWN;
}
