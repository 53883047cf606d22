import worker from "../../../worker/index.ts";

// biome-ignore lint/performance/noBarrelFile: the runtime looks for the object classes among the entry's exports.
export { ContactCenter } from "../../../worker/contact-center.ts";
export { Relay } from "../../../worker/relay.ts";

/** Replaces the rate-limit service, which raw workerd does not have. The rest is the Worker as it is deployed. */
const unlimited = { limit: async () => ({ success: true }) };
let whole: Env | null = null;

export default {
  fetch(request: Request, env: Env, ctx: ExecutionContext) {
    whole ??= { ...env, POST_LIMIT: unlimited, TICKET_LIMIT: unlimited, STRANGER_LIMIT: unlimited };
    return worker.fetch(request, whole, ctx);
  },
};
