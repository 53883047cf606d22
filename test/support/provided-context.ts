/** The values that global set-ups give to the tests and to the configuration of vitest. */
declare module "vitest" {
  interface ProvidedContext {
    identityProvider: { url: string; keys: { kid: string; [field: string]: unknown }[] };
    /** The origin of the receivers of alerts. */
    receivers: string;
  }
}

export {};
