/** What the flow of a call wishes, as contact attributes. */
export interface CallWishes {
  transcribe: boolean;
  record: boolean;
  /** The sides that may be heard, scored and recorded. */
  sides: { customer: boolean; agent: boolean };
  /** Attributes whose value is neither true nor false. Such a value permits nothing. */
  unreadable: string[];
}

/**
 * Reads the attributes of a contact. `true` and `false` are the only words, as in Amazon Connect's own blocks. Case and spaces around
 * them do not matter, and an empty value counts as absent.
 *
 * Transcription and recording need a true. A side is heard unless its attribute is set to something other than true, because a
 * flow that sets it wants to limit what is heard.
 */
export function readCallWishes(attributes: Readonly<Record<string, string>>): CallWishes {
  const unreadable: string[] = [];
  const read = (name: string, whenAbsent: boolean): boolean => {
    const value = (attributes[name] ?? "").trim().toLowerCase();
    if (value === "") return whenAbsent;
    if (value !== "true" && value !== "false") unreadable.push(name);
    return value === "true";
  };
  return {
    transcribe: read("transcribeCall", false),
    record: read("saveCallRecording", false),
    sides: { customer: read("streamAudioFromCustomer", true), agent: read("streamAudioToCustomer", true) },
    unreadable,
  };
}
