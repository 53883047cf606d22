import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Connection } from "../client/contract.ts";
import { idleConnection } from "../client/idle-connection.ts";
import { useAgentClient } from "./provider.tsx";
import { useSelected, whole } from "./use-selected.ts";

const ON_SERVER = idleConnection(0);

/** The connection, and `reconnect` for a button. */
export type ConnectionControls = Connection & { reconnect: () => void };

/**
 * Returns the state of the connection, and `reconnect` for a button that starts a new attempt. The component renders again only
 * when a field that it has read changes. With `select` it renders again when the result changes (`isEqual`, default `Object.is`).
 */
export function useConnection(): ConnectionControls;
export function useConnection<T>(select: (connection: Connection) => T, isEqual?: (a: T, b: T) => boolean): T;
export function useConnection(
  select?: (connection: Connection) => unknown,
  isEqual: (a: unknown, b: unknown) => boolean = Object.is,
): unknown {
  const client = useAgentClient();
  const store = useMemo(
    () => ({ subscribe: client.subscribeConnection, get: client.connection, getServer: () => ON_SERVER }),
    [client],
  );
  const [fields] = useState(() => new FieldsRead());
  const selected = useSelected<Connection, unknown>(store, select ?? whole, select === undefined ? fields.sameParts : isEqual);
  const hydrating = useRef(true);
  useEffect(() => {
    hydrating.current = false;
  }, []);
  const controls = useMemo(
    () =>
      fields.recordReads(
        // The snapshot may be old in fields that nobody has read so far, so they come from the client.
        () => (hydrating.current && selected === ON_SERVER ? ON_SERVER : client.connection()),
        client.reconnect,
      ),
    [selected, client, fields],
  );
  return select === undefined ? controls : selected;
}

/** Remembers which fields of the connection a component has read. */
class FieldsRead {
  readonly #names = new Set<PropertyKey>();

  /** Whether two snapshots differ in nothing that the component has read. */
  readonly sameParts = (a: unknown, b: unknown): boolean =>
    [...this.#names].every((name) => Object.is(memberOf(a, name), memberOf(b, name)));

  /** Returns an object that takes each field from `current` and remembers that it was read. */
  recordReads(current: () => Connection, reconnect: () => void): ConnectionControls {
    // A proxy weighs less in the page than a getter for each field.
    return new Proxy<ConnectionControls>(
      { ...current(), reconnect },
      {
        get: (_, name) => {
          if (name === "reconnect") return reconnect;
          this.#names.add(name);
          return memberOf(current(), name);
        },
      },
    );
  }
}

function memberOf(value: unknown, name: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** What `usePaused` returns. The functions stay the same. */
export interface Pause {
  paused: boolean;
  pause: () => void;
  resume: () => void;
}

/** Pauses agents, queues and alerts for a reader (WCAG 2.2.2). Changes still arrive and show on `resume`. */
export function usePaused(): Pause {
  const client = useAgentClient();
  const paused = useSyncExternalStore(
    client.subscribe,
    () => client.paused,
    () => false,
  );
  return useMemo(() => ({ paused, pause: client.pause, resume: client.resume }), [paused, client]);
}
