import type { ServiceHealth } from './api.js';
import { UnexpectedAnswerError, UnreachableError } from './errors.js';

/** Either @nestjs/terminus's body or a problem around it. */
interface HealthBody {
  error?: Record<string, { message?: string }>;
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
  const parts = Object.entries(body.error ?? {});
  const missing = parts.map(([part, { message }]) => (message ? `${part}: ${message}` : part));
  return { ready: false, missing: missing.length > 0 ? missing : [body.detail ?? `HTTP ${response.status}`] };
}
