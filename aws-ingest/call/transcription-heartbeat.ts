import type { ContactTranscription } from "../../protocol/updates.ts";
import type { Poster } from "./poster.ts";

/** The hub shows a transcription as lost after 45 s without news (docs/protocol.md, TRN-3), so two heartbeats may go missing. */
const QUIET_MS = 15_000;
/** So a call is never quiet for longer than 20 s. */
const CHECK_EVERY_MS = 5_000;
/** The longest pause between two sessions is 15 s. A recogniser that fails so often is away, and nobody listens. */
const SILENT_AFTER_FAILURE_MS = 20_000;

/** Tells the hub, while an invocation transcribes a contact, that somebody listens to it. */
export class TranscriptionHeartbeat {
  readonly #contact: { contactId: string; initialContactId: string | null };
  readonly #poster: Pick<Poster, "addUpdates" | "newsAt">;
  #timer: NodeJS.Timeout | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;
  #ended = false;

  constructor(
    { contactId, initialContactId }: { contactId: string; initialContactId: string | null },
    poster: Pick<Poster, "addUpdates" | "newsAt">,
  ) {
    this.#contact = { contactId, initialContactId };
    this.#poster = poster;
  }

  /** Posts `live` now, and whenever nothing else of the contact was posted for 15 s. Call it before the first audio. */
  start(): void {
    this.#timer ??= setInterval(() => this.#beat(), CHECK_EVERY_MS);
    this.#postState("live");
  }

  /** Call when a session broke off. Nothing is posted until sessions hold again, so that the hub shows the loss. */
  sessionFailed(): void {
    this.#failedAt = Date.now();
  }

  /** Posts how the transcription ended, and nothing after that. A second call changes nothing. */
  postEnd(state: "ended" | "failed"): void {
    this.stop();
    if (!this.#ended) this.#postState(state);
    this.#ended = true;
  }

  /** Ends without a word, because another invocation goes on. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #beat(): void {
    const now = Date.now();
    if (now - this.#poster.newsAt >= QUIET_MS && now - this.#failedAt >= SILENT_AFTER_FAILURE_MS) this.#postState("live");
  }

  #postState(state: ContactTranscription["state"]): void {
    this.#poster.addUpdates([{ type: "contact.transcription", ...this.#contact, state, occurredAt: Date.now() }]);
  }
}
