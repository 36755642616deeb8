import { DatabaseUnavailableError } from './database.js';

// Class 08: connection exception; 57P0x: shut down, crashed, starting; 53xxx: out of connections, memory, disk;
// 3D000 and class 28: no such database, password refused. Somebody can mend all of them without a restart of ours.
const sqlStates = /^(08...|57P0[1-5]|53...|25006|58030|3D000|28...)$/;
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
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Query read timeout|Cannot use a pool after/i;

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

/** Whether a prepared statement's table was changed by a migration; the statement has to be prepared anew. */
export const isOutdatedPlan = (error: unknown): boolean =>
  codeOf(error) === '0A000' && /cached plan/.test((error as DriverError).message ?? '');

/** One sentence about a database that cannot be reached. @param url its address; the password is left out */
export function unavailable(error: unknown, url: string): DatabaseUnavailableError {
  if (error instanceof DatabaseUnavailableError) return error;
  return new DatabaseUnavailableError(sentence(codeOf(error), error as Error, new URL(url)), {
    cause: error,
  });
}

function sentence(code: string | undefined, error: Error, { host, pathname, username }: URL): string {
  const database = pathname.slice(1);
  if (code === '3D000') {
    return `PostgreSQL at ${host} has no database '${database}': create it (createdb ${database}), or correct DATABASE_URL.`;
  }
  if (code?.startsWith('28')) {
    return `PostgreSQL at ${host} refuses the user '${username}' (${error.message}): correct name and password in DATABASE_URL.`;
  }
  return `PostgreSQL does not answer at ${host}${pathname} (${code ?? error.message}): start it, or set DATABASE_URL.`;
}
