import { parseBlock, parseFloatingPoint, parseString, parseUint } from "./block.ts";
import { type EbmlElement, EbmlReader, MatroskaError } from "./ebml-reader.ts";
import { type Fragment, isNamedByConnect } from "./fragment.ts";
import { FragmentBuilder, inheritable } from "./fragment-builder.ts";
import { ELEMENT } from "./matroska-elements.ts";
import { formatProblem, type TrackFormat, UNKNOWN_FORMAT, UnsupportedSound } from "./track-format.ts";

export interface FragmentReaderOptions {
  /**
   * `token` (default) releases a fragment with its continuation token or error, about a second before the next fragment arrives.
   * More data of the same document then comes as a `continued` fragment. `document` waits for the end of the document.
   */
  release?: "token" | "document";
  /** Producer tags of the last fragment of an earlier connection that this one continues. */
  inherited?: ReadonlyMap<string, string>;
}

/** WebM is Matroska with fewer elements, and some tools give its name to these streams. */
const DOC_TYPES = ["matroska", "webm"];

/** Turns the bytes of a GetMedia answer into fragments. Use one reader per answer. */
export class FragmentReader {
  readonly #elements = new EbmlReader();
  readonly #releaseOnToken: boolean;
  #inherited: ReadonlyMap<string, string>;
  #document: FragmentBuilder | null = null;
  #documentWhole = true;
  #failure: unknown = null;
  #trackNumber = 0;
  #trackName = "";
  #trackFormat: TrackFormat = UNKNOWN_FORMAT;
  /** Name and value of the open SimpleTags, innermost last. */
  #simpleTags: { name: string; value: string }[] = [];

  constructor(options: FragmentReaderOptions = {}) {
    this.#releaseOnToken = options.release !== "document";
    this.#inherited = options.inherited ?? new Map();
  }

  /** Producer tags that the next fragment would inherit. Pass them to the reader of the next connection. */
  get inherited(): ReadonlyMap<string, string> {
    return this.#inherited;
  }

  /**
   * Yields the fragments that these bytes complete. Iterate to the end. Payloads may be views of `bytes`.
   * @throws MatroskaError at bytes that it cannot follow, after it has yielded the fragments before them and the begun one with
   * `complete: false`. Every later call throws the same error.
   */
  *addBytes(bytes: Uint8Array): Generator<Fragment, void> {
    if (this.#failure !== null) throw this.#failure;
    try {
      for (const element of this.#elements.addBytes(bytes)) {
        const fragment = this.#handleElement(element);
        if (fragment) yield fragment;
      }
    } catch (error) {
      this.#failure = error;
      const fragment = this.#document?.hasSubstance ? this.#releaseFragment(this.#document, false) : null;
      this.#document = null;
      if (fragment) yield fragment;
      throw error;
    }
  }

  /** Call when the bytes are over. Yields the begun fragment, with `complete: false` if it was cut. */
  *endBytes(): Generator<Fragment, void> {
    if (this.#failure !== null) return;
    const rest = this.#elements.endBytes();
    let step = rest.next();
    for (; !step.done; step = rest.next()) {
      const fragment = this.#handleElement(step.value);
      if (fragment) yield fragment;
    }
    const ending = step.value;
    if (this.#document) {
      const whole = ending !== "cut" && this.#documentWhole && (ending === "begun" || this.#looksFinished(this.#document));
      const fragment = this.#releaseFragment(this.#document, whole);
      this.#document = null;
      if (fragment) yield fragment;
    }
    if (ending === "begun") yield new FragmentBuilder().releaseFragment(this.#inherited, false);
  }

  /** A document that was cut between two elements looks complete. But Kinesis ends every numbered fragment with a token. */
  #looksFinished(document: FragmentBuilder): boolean {
    const numbered = document.tags.has("AWS_KINESISVIDEO_FRAGMENT_NUMBER");
    return document.wasReleased || (document.hasSubstance && (!numbered || isTrailed(document)));
  }

  #handleElement(element: EbmlElement): Fragment | null {
    if (element.kind === "open") return this.#openElement(element.id);
    if (element.kind === "value") {
      this.#handleValue(element.id, element.data, element.offset);
      return null;
    }
    return this.#closeElement(element.id, element.whole, element.offset);
  }

  #openElement(id: number): Fragment | null {
    if (id === ELEMENT.ebmlHeader) {
      const previous = this.#document;
      const fragment = previous ? this.#releaseFragment(previous, this.#documentWhole) : null;
      this.#document = new FragmentBuilder();
      this.#documentWhole = true;
      return fragment;
    }
    if (id === ELEMENT.segment) this.#document?.beginSegment();
    if (id === ELEMENT.tracks) this.#document?.beginTracks();
    if (id === ELEMENT.cluster) this.#document?.beginCluster();
    if (id === ELEMENT.trackEntry) {
      this.#trackNumber = 0;
      this.#trackName = "";
      this.#trackFormat = UNKNOWN_FORMAT;
    }
    if (id === ELEMENT.audio) this.#setFormat({ describesAudio: true });
    if (id === ELEMENT.simpleTag) this.#simpleTags.push({ name: "", value: "" });
    return null;
  }

  #handleValue(id: number, data: Uint8Array, offset: number): void {
    switch (id) {
      case ELEMENT.simpleBlock:
      case ELEMENT.block:
        this.#document?.addBlock(parseBlock(data, offset), offset);
        break;
      case ELEMENT.tagName:
        this.#setTag({ name: parseString(data) });
        break;
      case ELEMENT.tagString:
        this.#setTag({ value: parseString(data) });
        break;
      case ELEMENT.timecode:
        this.#document?.setClusterTime(parseUint(data, "Timecode", offset));
        break;
      case ELEMENT.timecodeScale:
        this.#document?.setTimecodeScale(parseUint(data, "TimecodeScale", offset), offset);
        break;
      case ELEMENT.trackNumber:
        this.#trackNumber = parseUint(data, "TrackNumber", offset);
        break;
      case ELEMENT.trackName:
        this.#trackName = parseString(data);
        break;
      case ELEMENT.codecId:
        this.#setFormat({ codecId: parseString(data) });
        break;
      case ELEMENT.codecPrivate:
        this.#setFormat({ codecPrivate: Buffer.from(data).toString("hex") });
        break;
      case ELEMENT.samplingFrequency:
        this.#setFormat({ samplingHz: parseFloatingPoint(data, "SamplingFrequency", offset) });
        break;
      case ELEMENT.channels:
        this.#setFormat({ channels: parseUint(data, "Channels", offset) });
        break;
      case ELEMENT.bitDepth:
        this.#setFormat({ bitDepth: parseUint(data, "BitDepth", offset) });
        break;
      case ELEMENT.contentEncodings:
        // Compressed or encrypted bytes played as PCM would be noise. Kinesis Video Streams adds no encoding of its own.
        throw new UnsupportedSound(
          "A track has ContentEncodings (it is compressed or encrypted), which is not supported",
          offset,
        );
      case ELEMENT.docType: {
        const docType = parseString(data);
        if (!DOC_TYPES.includes(docType))
          throw new MatroskaError(`The data is not Matroska: its DocType is ${JSON.stringify(docType.slice(0, 32))}`, offset);
        break;
      }
    }
  }

  #closeElement(id: number, whole: boolean, offset: number): Fragment | null {
    this.#documentWhole &&= whole;
    if (id === ELEMENT.simpleTag) {
      const tag = this.#simpleTags.pop();
      if (tag && whole) this.#document?.addTag(tag.name, tag.value, offset);
    } else if (id === ELEMENT.trackEntry && whole) {
      this.#addTrack(offset);
    } else if (
      id === ELEMENT.tags &&
      whole &&
      this.#releaseOnToken &&
      this.#document?.hasSubstance &&
      isTrailed(this.#document)
    ) {
      return this.#releaseFragment(this.#document, this.#documentWhole);
    }
    return null;
  }

  /** @throws UnsupportedSound if a track of Amazon Connect has sound that would be noise as PCM */
  #addTrack(offset: number): void {
    const problem = formatProblem(this.#trackFormat);
    if (problem !== null && isNamedByConnect(this.#trackName)) {
      const message = `The track ${this.#trackName} has ${problem}. Only 16-bit PCM at 8 kHz, mono, can be heard`;
      throw new UnsupportedSound(message, offset);
    }
    this.#document?.addTrack({ number: this.#trackNumber, name: this.#trackName, problem }, offset);
  }

  #setFormat(part: Partial<TrackFormat>): void {
    this.#trackFormat = { ...this.#trackFormat, ...part };
  }

  #setTag(part: { name?: string; value?: string }): void {
    const tag = this.#simpleTags.at(-1);
    if (tag) Object.assign(tag, part);
  }

  #releaseFragment(document: FragmentBuilder, complete: boolean): Fragment | null {
    if (!document.holdsNews) return null;
    const fragment = document.releaseFragment(this.#inherited, complete);
    this.#inherited = inheritable(fragment.tags);
    return fragment;
  }
}

function isTrailed(document: FragmentBuilder): boolean {
  const { tags } = document;
  return (
    tags.has("AWS_KINESISVIDEO_CONTINUATION_TOKEN") ||
    tags.has("AWS_KINESISVIDEO_ERROR_CODE") ||
    tags.has("AWS_KINESISVIDEO_ERROR_ID")
  );
}
