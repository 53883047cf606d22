import { type ContactNote, parseContactNote } from "../../core/history/contact-note.ts";
import type { HistoryStore, StoredHour } from "../../core/history/ports.ts";

interface HistoryTexts {
  /** By agent, then by hour. */
  hours: Map<string, Map<number, string>>;
  notes: Map<string, string>;
  boardDay: number | null;
}

/** Keeps the days of agents as JSON texts, so that the hub's memory shares no object with it. */
export class MemoryHistoryStore implements HistoryStore {
  #stored: HistoryTexts = { hours: new Map(), notes: new Map(), boardDay: null };
  readonly #noteWrite: () => void;

  /** @param noteWrite runs before each row that is written, and may fail */
  constructor(noteWrite: () => void = () => {}) {
    this.#noteWrite = noteWrite;
  }

  /** How many rows of hours there are, and how many characters they have. */
  get size(): { rows: number; characters: number } {
    const texts = [...this.#stored.hours.values()].flatMap((hours) => [...hours.values()]);
    return { rows: texts.length, characters: texts.reduce((sum, text) => sum + text.length, 0) };
  }

  copy(): HistoryTexts {
    return structuredClone(this.#stored);
  }

  restoreCopy(copy: HistoryTexts): void {
    this.#stored = copy;
  }

  agentHours(agentId: string, hours: readonly number[]): StoredHour[] {
    const known = this.#stored.hours.get(agentId);
    return hours.flatMap((hour) => {
      const text = known?.get(hour);
      return text === undefined ? [] : [{ agentId, hour, content: JSON.parse(text) }];
    });
  }

  saveAgentHour({ agentId, hour, content }: StoredHour): void {
    this.#noteWrite();
    const hours = this.#stored.hours.get(agentId) ?? new Map<number, string>();
    this.#stored.hours.set(agentId, hours.set(hour, JSON.stringify(content)));
  }

  contactNotes(contactIds: readonly string[]): ContactNote[] {
    return contactIds.flatMap((contactId) => {
      const text = this.#stored.notes.get(contactId);
      return text === undefined ? [] : (parseContactNote(JSON.parse(text)) ?? []);
    });
  }

  saveContactNote(note: ContactNote): void {
    this.#noteWrite();
    this.#stored.notes.set(note.contactId, JSON.stringify(note));
  }

  boardDay(): number | null {
    return this.#stored.boardDay;
  }

  saveBoardDay(from: number): void {
    this.#noteWrite();
    this.#stored.boardDay = from;
  }
}
