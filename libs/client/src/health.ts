import type { ServiceHealth } from './api.js';
import { UnexpectedAnswerError, UnreachableError } from './errors.js';

/** The problem that a server which is not ready answers with, and the parts that its check found. */
interface HealthBody {
  details?: Record<string, { status: string; message?: string }>;
  detail?: string;
}

/** Asks a readiness endpoint. Not ready (503) is an answer, not an error. */
export async function health(url: string, signal?: AbortSignal): Promise<ServiceHealth> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new UnreachableError(url, { cause });
  }
  const body = (await response.json().catch(() => undefined)) as HealthBody | undefined;
  if (body === undefined) throw new UnexpectedAnswerError(url, response.status, 'something that is not JSON');
  if (response.ok) return { ready: true, missing: [] };
  const parts = Object.entries(body.details ?? {}).filter(([, { status }]) => status !== 'up');
  const missing = parts.map(([part, { message }]) => (message ? `${part}: ${message}` : part));
  return { ready: false, missing: missing.length > 0 ? missing : [body.detail ?? `HTTP ${response.status}`] };
}
