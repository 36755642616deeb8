import { PermanentFailure, TransportUnavailableError } from '@clawdesk/messaging';

interface KafkaError extends Error {
  retriable?: boolean;
  /** Kafka's own name of a protocol error. */
  type?: string;
}

/** Refusals that concern these records, whoever sends them. */
const refusals: readonly string[] = [
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'CORRUPT_MESSAGE',
  'INVALID_RECORD',
];
/** The member's generation is over. */
const staleMember: readonly string[] = [
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'FENCED_INSTANCE_ID',
];

/** The error beneath kafkajs's wrappers ('number of retries exceeded' and the like). */
export function causeOf(error: unknown): KafkaError {
  let inner = (error instanceof Error ? error : new Error(String(error))) as KafkaError;
  while (inner.cause instanceof Error && inner.type === undefined) inner = inner.cause as KafkaError;
  return inner;
}

export const isRefusal = (error: unknown): boolean => refusals.includes(causeOf(error).type ?? '');

export const isStaleMember = (error: unknown): boolean => staleMember.includes(causeOf(error).type ?? '');

/** The broker is there, but too busy. */
export const isTimeout = (error: unknown): boolean => {
  const { name, type, message } = causeOf(error);
  return (
    name === 'KafkaJSRequestTimeoutError' ||
    type === 'REQUEST_TIMED_OUT' ||
    /Timed out while waiting/.test(message)
  );
};

export const isUnsupportedCodec = (error: unknown): boolean =>
  causeOf(error).name === 'KafkaJSNotImplemented';

/** What the caller of `publish` is told. */
export function publishFailure(error: unknown, brokers: string): Error {
  const cause = causeOf(error);
  if (isRefusal(error))
    return new PermanentFailure(`Kafka refuses the record for good: ${cause.message}`, { cause: error });
  return new TransportUnavailableError(
    `Kafka at ${brokers} took the records neither in time nor for sure: ${cause.message}`,
    {
      cause: error,
    },
  );
}

/** Why Kafka cannot be used, in a sentence that says what to do. */
export function unavailable(error: unknown, brokers: string): TransportUnavailableError {
  const cause = causeOf(error);
  if (cause.name === 'KafkaJSSASLAuthenticationError') {
    return new TransportUnavailableError(
      `Kafka at ${brokers} refuses the sign-in: check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.`,
      { cause: error },
    );
  }
  if (cause.type?.endsWith('AUTHORIZATION_FAILED')) {
    return new TransportUnavailableError(
      `Kafka at ${brokers} denies a right that Clawdesk needs (${cause.message}): grant it to the user of KAFKA_SASL_USERNAME.`,
      { cause: error },
    );
  }
  return new TransportUnavailableError(
    `Kafka does not answer at ${brokers}: start it (npm run kafka) or set KAFKA_BROKERS.`,
    { cause: error },
  );
}
