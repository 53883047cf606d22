/** What Amazon Transcribe streaming offers, by Region. The sources are AWS documents, read on 2026-11-26. */

/**
 * Regions whose partition has no Call Analytics. AWS GovCloud (US) User Guide, "Amazon Transcribe": Call Analytics is not available
 * in the GovCloud Regions. China: the API Reference there says that not every Region has it, and no endpoint is listed.
 */
const PARTITIONS_WITHOUT_CALL_ANALYTICS = /^(us-gov|us-iso[a-z]?|cn|eu-iso[a-z]?)-/;

/** Developer Guide, pii-redaction-stream: the note at its end lists the Regions with redaction in streams. */
const REDACTION_REGIONS =
  "ap-northeast-1 ap-northeast-2 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 us-east-1 us-east-2 us-west-2".split(
    " ",
  );

/**
 * Whether the Region may have Call Analytics. false = AWS says that it has none. AWS adds Regions without notice, so true is no
 * promise: where Transcribe refuses Call Analytics, the transcriber goes on with standard streaming.
 */
export function mayHaveCallAnalytics(region: string): boolean {
  return !PARTITIONS_WITHOUT_CALL_ANALYTICS.test(region);
}

/** Whether AWS lists the Region for redaction in streams. In other Regions a transcript may have to be withheld. */
export function isRedactionRegion(region: string): boolean {
  return REDACTION_REGIONS.includes(region);
}
