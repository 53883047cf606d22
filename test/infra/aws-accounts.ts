import type { AwsAnswer, SeenRequest } from "./aws-account.ts";
import { accountOf } from "./aws-stand-in.ts";
import { DeployableAccount } from "./deployable-account.ts";

/** Several accounts. A request acts in the account of its login, in the Region of its signature. */
export class AwsAccounts {
  readonly #places = new Map<string, DeployableAccount>();

  /** Returns an account in one Region. It is empty until somebody deploys into it. */
  place(account: string, region: string): DeployableAccount {
    const key = `${account} ${region}`;
    const place = this.#places.get(key) ?? new DeployableAccount(account, region);
    this.#places.set(key, place);
    return place;
  }

  /** Returns what is not empty, as `account Region`. */
  get used(): string[] {
    return [...this.#places].filter(([, { stacks }]) => stacks.byName.size > 0).map(([key]) => key);
  }

  /** Returns the requests that no stand-in knows. */
  get unknown(): string[] {
    return [...this.#places.values()].flatMap(({ unknown }) => unknown);
  }

  answer(request: SeenRequest, target: string): AwsAnswer | null {
    const account = accountOf(request.accessKey);
    return account === undefined ? null : this.place(account, request.region).answer(request, target);
  }
}
