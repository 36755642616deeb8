import { DatabaseUnavailableError } from './database.js';

// Class 08: connection exception; 57P0x: shut down, crashed, starting; 53xxx: out of connections, memory, disk.
const sqlStates = /^(08...|57P0[1-5]|53...|25006|58030)$/;
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]);
const messages =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Cannot use a pool after/i;

interface DriverError {
  code?: string;
  message?: string;
  driverError?: DriverError;
  errors?: DriverError[];
}

/** SQLSTATE or network code of an error of the driver or of TypeORM. */
export function codeOf(error: unknown): string | undefined {
  const { code, driverError, errors } = error as DriverError;
  return driverError?.code ?? code ?? errors?.[0]?.code;
}

/** Whether the error says that PostgreSQL is not there, and not that a statement is wrong. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true;
  const code = codeOf(error);
  if (code !== undefined && (sqlStates.test(code) || networkCodes.has(code))) return true;
  return messages.test((error as DriverError).message ?? '');
}

/** Whether the whole transaction may simply be run again: serialization failure or deadlock. */
export const isConflict = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error) ?? '');

/** One sentence about a database that cannot be reached. @param url its address; the password is left out */
export function unavailable(error: unknown, url: string): DatabaseUnavailableError {
  if (error instanceof DatabaseUnavailableError) return error;
  const { host, pathname } = new URL(url);
  return new DatabaseUnavailableError(
    `PostgreSQL does not answer at ${host}${pathname} (${codeOf(error) ?? (error as Error).message}): start it, or set DATABASE_URL.`,
    { cause: error },
  );
}
