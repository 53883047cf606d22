import { isDenied, reasonOf } from "./aws-reason.ts";
import { attention, type Finding, unknown } from "./preflight-report.ts";

/**
 * Runs one check that asks AWS. A check that the login may not make is no fault of the deployment, and ends no other check.
 * @param what the subject of the sentence "… is not checked"
 * @param action the IAM action that the check needs
 */
export async function checkOrExplain(what: string, action: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (isDenied(error)) return [unknown(`${what} is not checked: ${reasonOf(error, action)}`)];
    return [attention(`${what} is not checked: ${reasonOf(error, action)}`, "Run npm run preflight again when AWS answers.")];
  }
}

/** Whether an error of AWS has one of these names. */
export function isNamedError(error: unknown, ...names: readonly string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}
