/** Names of the errors with which AWS services refuse a call for lack of permission. */
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|NotAuthorized\w*)$/;

/** Whether AWS refused the call because the login may not make it. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && DENIED.test(error.name);
}

/**
 * Says in a sentence why a call to AWS failed. The messages of AWS are left out, because they may quote the request.
 * @param action the IAM action of the call
 */
export function reasonOf(error: unknown, action: string): string {
  if (isDenied(error)) return `the login lacks the permission ${action}.`;
  return `${error instanceof Error ? error.name : "unknown error"}. Check the login, the Region and the network.`;
}
