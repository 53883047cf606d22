import { EXAMPLE } from "./example.ts";

export const OWN_ACCOUNT = "999988887777";
export const PRODUCTION_ID = "a8c17f30-f72c-4900-abd2-8745056c4c99";
export const STAGING_ID = "b9d28041-0000-4000-8000-0000000000b2";
const CLOUDFLARE_ACCOUNT = "0123456789abcdef0123456789abcdef";

/** The example's instance in a deployer's own account and Region. */
export const OWN_INSTANCE: Record<string, unknown> = JSON.parse(
  JSON.stringify({ ...EXAMPLE, hubUrl: undefined, alarmEmail: "people@contact-center.test" })
    .replaceAll("111122223333", OWN_ACCOUNT)
    .replaceAll("us-east-1", "eu-central-1"),
);

const stage = (domain: string, issuer: string) => ({
  domain,
  accountId: CLOUDFLARE_ACCOUNT,
  vars: { AUTH_JWKS_URL: `${issuer}/jwks`, AUTH_ISSUER: issuer, AUTH_AUDIENCE: "board" },
});

/** One instance and one stage. */
export const OWN_SETTINGS = {
  instances: [OWN_INSTANCE],
  stages: { production: stage("board.contact-center.test", "https://login.contact-center.test") },
};

/** A production and a staging instance, each with its own stack, Region and Worker. */
export const TWO_STAGES = {
  instances: [
    { ...OWN_INSTANCE, stage: "production" },
    {
      ...JSON.parse(JSON.stringify(OWN_INSTANCE).replaceAll(PRODUCTION_ID, STAGING_ID).replaceAll("eu-central-1", "eu-west-2")),
      stage: "staging",
      stackName: "Vigia-staging",
      instanceAlias: "staging-center",
    },
  ],
  stages: {
    ...OWN_SETTINGS.stages,
    staging: stage("staging.contact-center.test", "https://staging-login.contact-center.test"),
  },
};
