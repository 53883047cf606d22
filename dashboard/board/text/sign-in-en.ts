import type { Catalogue } from "./catalogue.ts";

/** English texts about signing in and out. */
export const signInEn = {
  "signin.lead": "The server needs to know who you are. Paste the identity token from your administrator or your sign-in page.",
  "signin.token": "Identity token",
  "signin.submit": "Sign in",
  "signin.refused": "The server refused this token. It may have expired, or it is for another contact center.",
  "signin.kept": "The token stays in this tab only. It is deleted when you close the tab.",
  "signin.other": "Sign in as somebody else",
  "signin.as": "You are signed in as {name}.",
  "signin.word": "What your administrator needs: {code}",
  "signin.busy": "Signing you in…",
  "signin.busyLead": "The sign-in service of your company answers in a moment.",
  "signin.askLead": "Use your company account. The board opens afterwards as it is in the address.",
  "signin.againTitle": "Your session has ended",
  "signin.againLead": "Sign in again. The board opens as you left it.",
  "signin.signedOut": "You are signed out",
  "signin.signedOutLead": "Nobody sees the board on this computer until somebody signs in.",
  "signin.issuerDown": "The sign-in service does not answer",
  "signin.issuerDownLead": "Nobody can sign in at the moment. The board tries again and opens by itself.",
  "signin.unknownCenter": "This contact center does not exist here",
  "signin.unknownCenterLead":
    "The address names no contact center that this server knows. Check `instance` in the address, or ask your administrator for the link.",
  "signin.failed": "The sign-in did not work",
  "signin.failedLead": "The sign-in service ended it. Try again. If it happens again, tell your administrator.",
  "signin.wrongAnswer": "The answer of the sign-in service does not belong to this tab, or it is too old. Nobody was signed in.",
  "signin.denied": "The sign-in service gave you no access to this board. Ask your administrator.",
  "signin.noAccess": "You may not see this contact center",
  "signin.noAccessLead": "You are signed in, but nobody gave you this contact center. Ask your administrator.",
  "signin.noGroups": "No team is assigned to you",
  "signin.noGroupsLead":
    "You are signed in, but your account names no team, so the board would be empty. Ask your administrator.",
  "signin.manyGroups": "Your account is in too many groups",
  "signin.manyGroupsLead":
    "You are signed in, but your account names too many groups, so the server cannot tell your teams. Ask your administrator.",
  "signin.notAccepted": "The server does not accept your sign-in",
  "signin.notAcceptedLead":
    "The sign-in worked, but the server does not accept what it brought. Try again. If it happens again, tell your administrator.",
} satisfies Catalogue;
