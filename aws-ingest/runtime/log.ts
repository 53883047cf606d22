import { Logger } from "@aws-lambda-powertools/logger";

/** Fields of a log entry: ids, counts, error names, reasons. Never log a transcript, a telephone number or a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/**
 * Returns a log that writes one JSON line per entry to stdout, from the level `LOG_LEVEL` (default INFO) on. Create one for each
 * invocation, so that no field goes into the next one.
 */
export function createLog(service: string): Log {
  const logger = new Logger({ serviceName: service });
  return {
    debug: (message, fields = {}) => logger.debug(message, { ...fields }),
    info: (message, fields = {}) => logger.info(message, { ...fields }),
    warn: (message, fields = {}) => logger.warn(message, { ...fields }),
    error: (message, fields = {}) => logger.error(message, { ...fields }),
  };
}
