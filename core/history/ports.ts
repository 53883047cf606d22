import type { ContactNote } from "./contact-note.ts";

/** One hour of one agent as it is stored. */
export interface StoredHour {
  agentId: string;
  /** When the hour begins, epoch ms. */
  hour: number;
  /** JSON of another version too: `parseHour` reads it. */
  content: unknown;
}

/** Where the days of agents are kept. Every call is synchronous and part of the caller's transaction. */
export interface HistoryStore {
  /** The rows of one agent in these hours (their beginnings, epoch ms). */
  agentHours(agentId: string, hours: readonly number[]): StoredHour[];
  saveAgentHour(hour: StoredHour): void;
  /** What is known of contacts whose state has been forgotten. Contacts without a note are left out. */
  contactNotes(contactIds: readonly string[]): ContactNote[];
  /** `at` says with which day the note is deleted, epoch ms. */
  saveContactNote(note: ContactNote, at: number): void;
  /** Which day the figures on the board are about: when it began, epoch ms; null = never saved. */
  boardDay(): number | null;
  saveBoardDay(from: number): void;
}
