import type { SessionReport, TranscribeStream } from "./transcribe-stream.ts";

/** Enough for a test that looks back. A simulation has some six streams a minute. */
const MAX_REPORTS = 200;

/**
 * The streams that the service accepted. A stream holds its connection, its decoders and the last bytes that came in. So when it has
 * ended, only its report is kept.
 */
export class TranscribeRegister {
  readonly #maxReports: number;
  /** The oldest first. A report takes the place of its stream. */
  #entries: (TranscribeStream | SessionReport)[] = [];

  constructor(maxReports: number = MAX_REPORTS) {
    this.#maxReports = maxReports;
  }

  /** The streams that take audio now. */
  get open(): TranscribeStream[] {
    return this.#entries.filter((entry) => isStream(entry)).filter((stream) => stream.open);
  }

  add(stream: TranscribeStream): void {
    this.#entries.push(stream);
  }

  /** Call when the stream's connection is closed. Keeps its report, and forgets the oldest reports above the limit. */
  replaceByReport(stream: TranscribeStream): void {
    this.#entries = this.#entries.map((entry) => (entry === stream ? stream.report() : entry));
    let surplus = this.#entries.filter((entry) => !isStream(entry)).length - this.#maxReports;
    this.#entries = this.#entries.filter((entry) => {
      if (isStream(entry) || surplus <= 0) return true;
      surplus -= 1;
      return false;
    });
  }

  reports(): SessionReport[] {
    return this.#entries.map((entry) => (isStream(entry) ? entry.report() : entry));
  }

  /** Ends every stream. */
  abandonAll(): void {
    for (const entry of this.#entries) if (isStream(entry)) entry.abandon();
  }
}

function isStream(entry: TranscribeStream | SessionReport): entry is TranscribeStream {
  return "abandon" in entry;
}
