import type { BusEvent } from "../aws/event-bridge.ts";
import { agentArn, agentEventRecord, type Home } from "./agent-event.ts";
import { AnalysedCall, type AnalysisRecord } from "./analysed-call.ts";
import type { Call } from "./call.ts";
import type { DirectoryEntry } from "./connect-directory.ts";
import { contactEvent } from "./contact-event.ts";
import type { Effect } from "./effect.ts";
import { type InvokeFlow, LiveCall, type MediaStream, type WrittenUtterance } from "./live-call.ts";
import type { QueueTruth } from "./queue-truth.ts";
import { createRandom } from "./random.ts";
import { type CenterOptions, SimulatedContactCenter } from "./simulated-contact-center.ts";
import type { SupervisorOrders } from "./supervisor-orders.ts";
import type { SupervisorPanel } from "./supervisor-panel.ts";

export interface SimulatorOptions extends CenterOptions {
  home: Home;
  /** Returns the Kinesis video stream of this name. Creates it when it does not exist. */
  mediaStream(name: string): MediaStream;
  /** The data stream of agent events. */
  agentEvents: AgentEventStream;
  /** Puts a contact event on the EventBridge bus. */
  putEvent(event: BusEvent): void;
  /** Whether this machine still works on earlier contact events. Then no new customers come, so that it can catch up. */
  isBehind?: () => boolean;
  /** Invokes the `trigger` function as the contact flow does. */
  startFlow: InvokeFlow;
  /** Gets the messages of the chats. */
  chatEffect?: (effect: ChatEffect) => void;
  /** Puts a record on the stream of Contact Lens. Without it, no call is analysed by Contact Lens. */
  putAnalysis?: (record: AnalysisRecord) => void;
  /** Gets what was said on a call that is over. */
  callOver?: (contactId: string, said: readonly WrittenUtterance[]) => void;
}

export type ChatEffect = Extract<Effect, { type: "chat-begins" | "chat-message" | "chat-ends" }>;

/** The Kinesis data stream of agent events, with the function that reads it. */
export interface AgentEventStream {
  putRecord(partitionKey: string, data: string): void;
  /** Resolves when every record so far has succeeded or was dropped. */
  drain(): Promise<void>;
  /** Returns how many records were dropped so far. */
  lostRecords(): number;
}

export interface Simulator {
  /** Resolves when the hub has the first state of every agent. Rejects when one was not delivered. */
  opened: Promise<void>;
  figures(): SimulatorFigures;
  /** Returns all agents with their current state. */
  staff(): readonly DirectoryEntry[];
  /** What really happens in the queues, for stand-ins that answer questions about them. */
  truth: QueueTruth;
  /** What supervisors order. */
  orders: SupervisorOrders;
  /** Where a supervisor's listening rings. */
  panel: SupervisorPanel;
  /** Ends all contacts, and begins no more. */
  endContacts(): void;
  /** Logs all agents out. Resolves when the hub has these events. */
  stop(): Promise<void>;
}

export interface SimulatorFigures {
  callsNow: number;
  callsBegun: number;
  /** Contacts that began, with the transcribed calls. Transfers by agents are not counted. */
  contactsBegun: number;
  /** Contacts that wait in a queue. */
  waitingNow: number;
  /** Agent events that were dropped. */
  eventsLost: number;
  /** The longest delay of an audio fragment since the start, ms. */
  worstLatenessMs: number;
}

/** Ten steps a second: people on the board see no finer step. */
const TICK_MS = 100;
/** The flow of every fourth call turns on Contact Lens, and that of the others streams its audio. */
const ANALYSED_EVERY = 4;

/**
 * Runs the simulated contact center in real time. Agent events go to Kinesis, calls become contact-flow events, and their
 * audio goes to Kinesis video streams. The calls of Contact Lens become records on its stream instead.
 */
export function startSimulator(options: SimulatorOptions): Simulator {
  const { home, agentEvents } = options;
  const figures = { callsNow: 0, callsBegun: 0, contactsBegun: 0, worstLatenessMs: 0 };
  const streams = new StreamPool(options.mediaStream, options.seed);
  const calls = new Map<string, LiveCall | AnalysedCall>();

  const startCall = (call: Call, at: number) => {
    const { putAnalysis } = options;
    if (putAnalysis !== undefined && figures.callsBegun % ANALYSED_EVERY === 0) return new AnalysedCall(home, call, putAnalysis);
    return new LiveCall(home, call, at, streams.takeStream(), options.startFlow);
  };
  const perform = (effect: Effect) => {
    switch (effect.type) {
      case "agent":
        return agentEvents.putRecord(agentArn(home, effect.event.agent), JSON.stringify(agentEventRecord(home, effect.event)));
      case "call-begins":
        figures.callsBegun += 1;
        calls.set(effect.call.contactId, startCall(effect.call, effect.at));
        return;
      case "call-connected":
        calls.get(effect.contactId)?.connectAgent(effect.at, effect.plan);
        return;
      case "call-ends": {
        const call = calls.get(effect.contactId);
        if (call === undefined) return;
        call.writeEnd(effect.at);
        options.callOver?.(effect.contactId, call.writtenUtterances());
        if (call instanceof LiveCall) streams.returnStream(call.stream);
        calls.delete(effect.contactId);
        return;
      }
      case "contact":
        if (effect.eventType === "INITIATED") figures.contactsBegun += 1;
        options.putEvent(contactEvent(home, effect.contact, effect.eventType, effect.at));
        return;
      case "chat-begins":
      case "chat-message":
      case "chat-ends":
        options.chatEffect?.(effect);
    }
  };

  const center = new SimulatedContactCenter(options, Date.now());
  const look = () => {
    const now = Date.now();
    for (const effect of center.advance(now, options.isBehind?.() !== true)) perform(effect);
    for (const call of calls.values()) figures.worstLatenessMs = Math.max(figures.worstLatenessMs, call.writeDue(now));
    figures.callsNow = calls.size;
  };
  look();
  const timer = setInterval(look, TICK_MS);
  let closing: Effect[] | null = null;
  /** Closes the center, and performs the last effects of these types unless that is done. */
  const close = (...types: Effect["type"][]) => {
    clearInterval(timer);
    const left = closing ?? center.close(Date.now());
    closing = left.filter(({ type }) => !types.includes(type));
    for (const effect of left) if (types.includes(effect.type)) perform(effect);
  };

  return {
    opened: agentEvents.drain().then(() => {
      const lost = agentEvents.lostRecords();
      if (lost > 0)
        throw new Error(`${lost} agent events did not reach the hub. The log of the agent-events function is in center.log.`);
    }),
    figures: () => ({ ...figures, waitingNow: center.truth.waitingNow().length, eventsLost: agentEvents.lostRecords() }),
    staff: () => center.staff,
    truth: center.truth,
    orders: center.orders,
    panel: center.panel,
    endContacts: () => close("call-ends", "chat-ends", "contact"),
    async stop() {
      // The agents' log-outs and the ends of the contacts must reach the hub. Otherwise the board shows them at work and waiting.
      // The audio of the calls needs no end.
      close("agent", "contact");
      await agentEvents.drain();
    },
  };
}

/** The pool of streams that Amazon Connect reuses. The stream that was returned last is reused first. */
class StreamPool {
  readonly #open: (name: string) => MediaStream;
  readonly #random;
  readonly #free: MediaStream[] = [];

  constructor(open: (name: string) => MediaStream, seed: string) {
    this.#open = open;
    this.#random = createRandom(`streams ${seed}`);
  }

  takeStream(): MediaStream {
    return this.#free.pop() ?? this.#open(`vigia-connect-demo-contact-${this.#random.uuid()}`);
  }

  returnStream(stream: MediaStream): void {
    this.#free.push(stream);
  }
}
