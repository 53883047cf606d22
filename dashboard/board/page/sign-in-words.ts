import type { TextKey } from "../text/messages.ts";
import type { SignInStage } from "./sign-in.ts";

/** What the page says at a stage, and which buttons it has. */
export interface SignInWords {
  title: TextKey;
  lead: TextKey;
  /** The word of the button that signs in; null = signing in would not help. */
  button: TextKey | null;
  /** The word of the issuer or the hub, for the administrator; null = there is nothing to tell. */
  code: string | null;
}

type RefusalWords = readonly [title: TextKey, lead: TextKey];
/** The hub's words for identities that may see nobody (docs/protocol.md, SES-1, SES-2 and IDN-1). */
const REFUSALS: Readonly<Record<string, RefusalWords>> = {
  not_allowed: ["signin.noAccess", "signin.noAccessLead"],
  no_groups: ["signin.noGroups", "signin.noGroupsLead"],
  groups_overage: ["signin.manyGroups", "signin.manyGroupsLead"],
  too_many_groups: ["signin.manyGroups", "signin.manyGroupsLead"],
};
const NOT_ACCEPTED: RefusalWords = ["signin.notAccepted", "signin.notAcceptedLead"];
/** Words with which the issuer refuses a person, and this page an answer. The others have one sentence for all. */
const FAILURES: Readonly<Record<string, TextKey>> = {
  access_denied: "signin.denied",
  wrong_answer: "signin.wrongAnswer",
  invalid_grant: "signin.wrongAnswer",
};
/** RFC 6749 §4.1.2.1 allows more characters, but every code of the specifications is made of these. */
const CODE = /^[\w.-]{1,60}$/;

/** Returns the words for a stage that is no board. */
export function signInWords(stage: SignInStage): SignInWords {
  const words = (title: TextKey, lead: TextKey, button: TextKey | null = "signin.submit", code: string | null = null) => ({
    title,
    lead,
    button,
    code: code !== null && CODE.test(code) ? code : null,
  });
  switch (stage.kind) {
    case "ask":
      return stage.again
        ? words("signin.againTitle", "signin.againLead", "signin.again")
        : words("signin.title", "signin.askLead", "signin.submit");
    case "signedOut":
      return words("signin.signedOut", "signin.signedOutLead");
    case "issuerDown":
      return words("signin.issuerDown", "signin.issuerDownLead", "banner.retryNow");
    case "unknownCenter":
      return words("signin.unknownCenter", "signin.unknownCenterLead", null);
    case "failed":
      return words("signin.failed", FAILURES[stage.code] ?? "signin.failedLead", "signin.submit", stage.code);
    case "refused": {
      const [title, lead] = REFUSALS[stage.code] ?? NOT_ACCEPTED;
      return words(title, lead, "signin.other", stage.code);
    }
    default:
      return words("signin.busy", "signin.busyLead", null);
  }
}
