/** The text of a frame, and how many bytes it has as UTF-8. It is counted once, however many viewers get it. */
export interface Frame {
  text: string;
  bytes: number;
  /** The frames that the text is made of, in order. Other frames may share them, so each is compressed once. Absent = it is one. */
  parts?: readonly Frame[];
}

export function frameOf(text: string): Frame {
  return { text, bytes: utf8Bytes(text) };
}

/** Joins texts, of which `separator` is ASCII, by reference. They are copied once, when the frame is sent. */
export function joinFrames(separator: string, frames: readonly Frame[]): Frame {
  let [text, bytes] = ["", 0];
  for (const [index, frame] of frames.entries()) {
    text += index === 0 ? frame.text : separator + frame.text;
    bytes += frame.bytes + (index === 0 ? 0 : separator.length);
  }
  return { text, bytes };
}

/** Joins frames and remembers them as the parts of the whole. */
export function frameOfParts(parts: readonly Frame[]): Frame {
  return { ...joinFrames("", parts), parts };
}

/** The length of the text as UTF-8. A lone surrogate counts as the replacement character, as `TextEncoder` writes it. */
function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (isPair(unit, text.charCodeAt(index + 1))) {
      // Two units become four bytes.
      bytes += 2;
      index += 1;
    } else bytes += 2;
  }
  return bytes;
}

function isPair(unit: number, next: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000;
}
