/**
 * The list prices of the estimate in US dollars. They change and differ by Region, so check them before you decide.
 * AWS: us-east-1, without free tiers. Cloudflare: Workers Paid plan with what it includes.
 */
export const PRICE_DATE = "2026-11-23";

export interface Prices {
  /** Streaming transcription with the standard engine, per minute of a call's stereo stream. */
  transcribeMinute: number;
  /** The same with Call Analytics, which labels the sentiment itself. */
  callAnalyticsMinute: number;
  /** DetectSentiment, per unit of 100 characters, for turns of the standard engine. */
  comprehendUnit: number;
  /** Lambda on arm64. */
  lambdaGbSecond: number;
  lambdaMillionRequests: number;
  /** Kinesis Video Streams, in and out alike. */
  videoGb: number;
  kinesisShardHour: number;
  kinesisMillionPuts: number;
  s3GbMonth: number;
  s3MillionPuts: number;
  keyMonth: number;
  secretMonth: number;
  alarmMonth: number;
  customMetricMonth: number;
  dashboardMonth: number;
  logGb: number;
  egressGb: number;
  workersPlanMonth: number;
  workerMillionRequests: number;
  workerMillionCpuMs: number;
  objectMillionRequests: number;
  objectMillionGbSeconds: number;
  objectMillionRowsWritten: number;
  /** Workers Logs. Each call of the Worker or of an object is an event. */
  millionLogEvents: number;
}

export const PRICES: Prices = {
  // The AWS Price List API has $0.0001667 a second for standard streaming.
  transcribeMinute: 0.01,
  // Assumed: the standard price. AWS publishes another one for Call Analytics, which nobody of us has verified.
  callAnalyticsMinute: 0.01,
  comprehendUnit: 0.0001,
  lambdaGbSecond: 0.0000133334,
  lambdaMillionRequests: 0.2,
  videoGb: 0.0085,
  kinesisShardHour: 0.015,
  kinesisMillionPuts: 0.014,
  s3GbMonth: 0.023,
  s3MillionPuts: 5,
  keyMonth: 1,
  secretMonth: 0.4,
  alarmMonth: 0.1,
  customMetricMonth: 0.3,
  dashboardMonth: 3,
  logGb: 0.5,
  egressGb: 0.09,
  workersPlanMonth: 5,
  workerMillionRequests: 0.3,
  workerMillionCpuMs: 0.02,
  objectMillionRequests: 0.15,
  objectMillionGbSeconds: 12.5,
  objectMillionRowsWritten: 1,
  millionLogEvents: 0.6,
};

/** The prices that are assumptions and no list prices. The estimate says so when they count and nobody gave another. */
export const ASSUMED_PRICES: readonly (keyof Prices)[] = ["callAnalyticsMinute"];

/** The amounts that the Workers Paid plan includes every month. */
export const INCLUDED = {
  workerRequests: 10e6,
  workerCpuMs: 30e6,
  objectRequests: 1e6,
  objectGbSeconds: 400_000,
  objectRowsWritten: 50e6,
  logEvents: 20e6,
};
