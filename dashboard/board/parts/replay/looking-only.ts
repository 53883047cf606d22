import { NO_RIGHTS } from "../../model/actions/reader-rights.ts";
import type { RulesAnswer } from "../../model/rules-answer.ts";
import type { BoardReader } from "../actions/reader-rights.ts";

const NO_READER: BoardReader = { rights: NO_RIGHTS, actions: null };
const NO_ROLES: readonly string[] = [];

/** What the reader may do. In the past nobody can act, acknowledge or change rules, so nobody has a role there. */
export function lookingOnly(isPast: boolean, rules: RulesAnswer, reader: BoardReader) {
  return isPast ? { rules: { ...rules, roles: NO_ROLES }, reader: NO_READER } : { rules, reader };
}
