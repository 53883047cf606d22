import { setTimeout as sleep } from "node:timers/promises";
import type { ContactQueue } from "../../protocol/queue-updates.ts";
import { type ConnectQueues, openConnectQueues } from "../clients/connect-queues.ts";
import { describedQueue, unknownContactEnd } from "../connect/described-contact.ts";
import { ForeignValues } from "../connect/foreign-values.ts";
import { QueueDirectory } from "../connect/queue-directory.ts";
import { queueSnapshots } from "../connect/queue-figures.ts";
import { DELIVERY_RESERVE_MS, openDelivery } from "../delivery/delivery.ts";
import { countFlaws } from "../delivery/outcomes.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter, type Meter } from "../runtime/meter.ts";
import { type QueuesSettings, readQueuesSettings } from "../runtime/queues-settings.ts";

const MINUTE_MS = 60_000;
/** DescribeContact has ten requests a second for the whole account, and the transcriber asks for the end of calls there. */
const MOST_QUESTIONS = 5;
/** Each costs a request. The next run goes on where this one ends. */
const PROFILES_PER_RUN = 60;

/** Remembers names and routing profiles from run to run, because they cost requests and change seldom. */
const directory = new QueueDirectory();

/**
 * Reads Amazon Connect's own figures of the queues and posts them, so that the board has names, staffing and a second opinion about
 * who waits. Asks about the contacts that the hub doubts, and posts what Amazon Connect answers. It runs once a minute, and by hand
 * with the event `{"once": true}`, which reads all lists again.
 * @throws Error if nothing could be read, or if the hub refuses the figures
 */
export async function handler(event: unknown = null, context: InvocationContext | null = null): Promise<{ queues: number }> {
  const log = createLog("queues");
  const meter = createMeter("queues");
  const settings = readQueuesSettings(process.env);
  const byHand = typeof event === "object" && event !== null && "once" in event && event.once === true;
  if (byHand) directory.readAllAgain();
  const end = timeUp(context, DELIVERY_RESERVE_MS);
  const connect = openConnectQueues(settings.instanceId, end);
  const run = new QueueRun(connect, settings, end, log, meter);
  const reads = byHand ? 1 : settings.readsPerMinute;
  const startedAt = Date.now();
  try {
    let queues = 0;
    for (let read = 0; read < reads; read += 1) {
      const wait = startedAt + (read * MINUTE_MS) / reads - Date.now();
      if (wait > 0) await sleep(wait);
      if (read > 0 && end.aborted) break;
      queues = await run.readAndPost();
    }
    return { queues };
  } finally {
    connect.close();
    meter.flush();
  }
}

/** One invocation of the function. */
class QueueRun {
  readonly #connect: ConnectQueues;
  readonly #settings: QueuesSettings;
  readonly #end: AbortSignal;
  readonly #log: Log;
  readonly #meter: Meter;
  #questions = MOST_QUESTIONS;

  constructor(connect: ConnectQueues, settings: QueuesSettings, end: AbortSignal, log: Log, meter: Meter) {
    this.#connect = connect;
    this.#settings = settings;
    this.#end = end;
    this.#log = log;
    this.#meter = meter;
  }

  /** Returns how many queues were posted. */
  async readAndPost(): Promise<number> {
    await this.#readProfiles();
    let complete = await this.#readNames();
    if (!directory.hasLists)
      throw new Error("Amazon Connect returned neither queues nor routing profiles. The next run asks again.");
    let names = directory.names();
    let figures = await this.#readFigures([...names.keys()]);
    if (figures.gone) {
      // A queue of the list was deleted, and Amazon Connect refuses all that are asked for with it.
      directory.readNamesAgain();
      complete = await this.#readNames();
      names = directory.names();
      figures = await this.#readFigures([...names.keys()]);
    }
    const { agents, contacts, takenAt } = figures;
    const profiles = directory.profilesToPost();
    const values = new ForeignValues();
    const answers = { names, agents, contacts, profiles, takenAt, complete };
    const snapshots = queueSnapshots(answers, this.#settings.serviceLevelSeconds, values);
    countFlaws(values.flaws, this.#meter);
    const { retryable, deadLettered, suspects = [] } = await this.#delivery().deliver(snapshots);
    if (retryable.length + deadLettered > 0) {
      directory.readNamesAgain();
      throw new Error("The hub refused the figures of the queues. The next run posts new ones.");
    }
    if (profiles !== null) directory.notePosted();
    await this.#checkSuspects(suspects);
    if (names.size > 0 && agents === null && contacts === null) {
      // The names were worth a post, and an operator has to know that the rest is missing.
      throw new Error("Amazon Connect did not return the figures of the queues. The next run asks again.");
    }
    return names.size;
  }

  /** Returns whether this run has read the names of all queues. Without the right to read them, those of the profiles must do. */
  async #readNames(): Promise<boolean> {
    if (!directory.namesDue(Date.now())) return false;
    const names = await this.#answer("ListQueues", () => this.#connect.queueNames());
    if (names === null) return false;
    directory.setNames(names, Date.now());
    return true;
  }

  async #readProfiles(): Promise<void> {
    if (directory.profilesDue(Date.now())) {
      const profiles = await this.#answer("ListRoutingProfiles", () => this.#connect.profileNames());
      if (profiles !== null) directory.setProfiles(profiles, Date.now());
    }
    for (const profileId of directory.unreadProfiles().slice(0, PROFILES_PER_RUN)) {
      const queues = await this.#answer("ListRoutingProfileQueues", () => this.#connect.profileQueues(profileId));
      if (queues === null) return;
      directory.setProfileQueues(profileId, queues);
    }
  }

  async #readFigures(queueIds: readonly string[]) {
    let gone = false;
    const noteGone = (error: string) => {
      gone ||= error === "ResourceNotFoundException";
    };
    const askedAt = Date.now();
    const contacts = await this.#answer("GetCurrentMetricData", () => this.#connect.contactFigures(queueIds), noteGone);
    const agents = await this.#answer("GetCurrentMetricData", () => this.#connect.agentFigures(queueIds), noteGone);
    return { contacts: contacts?.rows ?? null, agents: agents?.rows ?? null, takenAt: contacts?.takenAt ?? askedAt, gone };
  }

  /** Asks Amazon Connect about contacts that the hub counts as waiting although the figures say otherwise. */
  async #checkSuspects(suspects: readonly string[]): Promise<void> {
    const values = new ForeignValues();
    const legs: ContactQueue[] = [];
    for (const contactId of suspects) {
      if (this.#questions === 0) break;
      this.#questions -= 1;
      const askedAt = Date.now();
      const answer = await this.#answer("DescribeContact", async () => ({
        contact: await this.#connect.describeContact(contactId),
      }));
      if (answer === null) break;
      this.#meter.add("SuspectsChecked", 1);
      const { contact } = answer;
      const leg = contact ? describedQueue(contactId, contact, askedAt, values) : unknownContactEnd(contactId, askedAt);
      if (leg !== null) legs.push(leg);
      if (leg?.queueId) directory.noteQueue(leg.queueId);
    }
    countFlaws(values.flaws, this.#meter);
    // The hub names them again with the next figures, if it does not get this post.
    if (legs.length > 0) await this.#delivery().deliver(legs);
  }

  /** Returns what Amazon Connect answers, or null after an error: each list is useful without the others. */
  async #answer<Value>(
    operation: string,
    ask: () => Promise<Value>,
    failed: (error: string) => void = () => {},
  ): Promise<Value | null> {
    try {
      return await ask();
    } catch (error) {
      const name = error instanceof Error ? error.name : "unknown";
      failed(name);
      this.#meter.add("AnswersMissing", 1);
      this.#log.warn("Amazon Connect did not answer a question about the queues. The board goes without the answer.", {
        operation,
        error: name,
      });
      return null;
    }
  }

  #delivery() {
    return openDelivery(this.#settings, "retry", this.#end, this.#log, this.#meter);
  }
}
