import type { BusEvent } from "../aws/event-bridge.ts";
import { agentArn, agentEventRecord, type Home } from "./agent-event.ts";
import type { DirectoryEntry } from "./connect-directory.ts";
import { disconnectedEvent } from "./contact-event.ts";
import { type InvokeFlow, LiveCall, type MediaStream } from "./live-call.ts";
import { createRandom } from "./random.ts";
import { type CenterOptions, type Effect, SimulatedContactCenter } from "./simulated-contact-center.ts";

export interface SimulatorOptions extends CenterOptions {
  home: Home;
  /** The Kinesis video stream of this name, made when it is new. */
  mediaStream(name: string): MediaStream;
  /** The data stream of agent events. */
  agentEvents: AgentEventStream;
  /** Puts a contact event on the bus. */
  putEvent(event: BusEvent): void;
  /** Runs the `trigger` function as the contact flow does. */
  startFlow: InvokeFlow;
}

/** A Kinesis data stream with the function that reads it. */
export interface AgentEventStream {
  putRecord(partitionKey: string, data: string): void;
  /** Settles when everything put so far has been processed or given up. */
  drain(): Promise<void>;
  /** How many records have been given up so far. */
  lostRecords(): number;
}

export interface Simulator {
  /** Settles when the first state of every agent has been handed over; fails when some was not taken. */
  opened: Promise<void>;
  figures(): SimulatorFigures;
  /** Everybody who works there, as they are now. */
  staff(): readonly DirectoryEntry[];
  /** Stops playing, logs everybody out and settles when that has been handed over. */
  stop(): Promise<void>;
}

export interface SimulatorFigures {
  callsNow: number;
  callsBegun: number;
  /** Agent events that were given up. */
  eventsLost: number;
  /** The longest that a piece of sound had to wait for its turn since the start, ms. */
  worstLatenessMs: number;
}

/** Ten looks a second: nobody on the board sees a finer step. */
const TICK_MS = 100;

/**
 * Plays the simulated contact center to the AWS side: agent events as Kinesis batches, calls as contact-flow events with
 * their sound on Kinesis video streams, everything at the time it happens.
 */
export function startSimulator(options: SimulatorOptions): Simulator {
  const { home, agentEvents } = options;
  const figures = { callsNow: 0, callsBegun: 0, worstLatenessMs: 0 };
  const streams = new StreamPool(options.mediaStream, options.seed);
  const calls = new Map<string, LiveCall>();

  const perform = (effect: Effect) => {
    switch (effect.type) {
      case "agent":
        return agentEvents.putRecord(agentArn(home, effect.event.agent), JSON.stringify(agentEventRecord(home, effect.event)));
      case "call-begins":
        figures.callsBegun += 1;
        calls.set(effect.call.contactId, new LiveCall(home, effect.call, effect.at, streams.takeStream(), options.startFlow));
        return;
      case "call-connected":
        calls.get(effect.contactId)?.connectAgent(effect.at, effect.plan);
        return;
      case "call-ends": {
        const call = calls.get(effect.contactId);
        if (call === undefined) return;
        call.endAudio(effect.at);
        streams.returnStream(call.stream);
        calls.delete(effect.contactId);
        options.putEvent(disconnectedEvent(home, call.call, effect.at));
      }
    }
  };

  const center = new SimulatedContactCenter(options, Date.now());
  const look = () => {
    const now = Date.now();
    for (const effect of center.advance(now)) perform(effect);
    for (const call of calls.values()) figures.worstLatenessMs = Math.max(figures.worstLatenessMs, call.writeDueAudio(now));
    figures.callsNow = calls.size;
  };
  look();
  const timer = setInterval(look, TICK_MS);

  return {
    opened: agentEvents.drain().then(() => {
      const lost = agentEvents.lostRecords();
      if (lost > 0) throw new Error(`The hub did not take ${lost} agent events.`);
    }),
    figures: () => ({ ...figures, eventsLost: agentEvents.lostRecords() }),
    staff: () => center.staff,
    async stop() {
      clearInterval(timer);
      // The calls are cut off with everything else; what counts is that nobody stays on the board as if at work.
      for (const effect of center.close(Date.now())) if (effect.type === "agent") perform(effect);
      await agentEvents.drain();
    },
  };
}

/** Amazon Connect has a pool of streams and uses them again; the one given back last is taken first. */
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
