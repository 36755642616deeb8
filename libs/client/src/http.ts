import { ProblemError, UnexpectedAnswerError, UnreachableError, type RefusedField } from './errors.js';

export interface Request {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Bearer: a visitor token or an API key. */
  bearer?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Seconds or a date, as milliseconds from now. */
export function retryAfter(value: string | null, now = Date.now()): number | undefined {
  if (value === null || value === '') return undefined;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/**
 * Sends a request and gives the response if it is a success.
 * @throws {UnreachableError} when nothing answers, {ProblemError} when the server refuses.
 */
export async function request(
  url: string,
  { method = 'GET', bearer, body, headers, signal }: Request,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new UnreachableError(url, { cause });
  }
  if (!response.ok) throw await problem(url, response, signal);
  return response;
}

/** The JSON of a successful answer. */
export async function requestJson<T>(url: string, options: Request): Promise<T> {
  const response = await request(url, options);
  const text = await readText(url, response, options.signal);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new UnexpectedAnswerError(url, response.status, 'something that is not JSON');
  }
}

async function readText(url: string, response: Response, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new UnreachableError(url, { cause });
  }
}

interface ProblemBody {
  title?: string;
  detail?: string;
  errors?: RefusedField[];
}

async function problem(url: string, response: Response, signal: AbortSignal | undefined): Promise<Error> {
  const text = await readText(url, response, signal);
  const type = response.headers.get('content-type') ?? 'no content type';
  const wait = retryAfter(response.headers.get('retry-after'));
  if (type.includes('json')) {
    const body = parse(text);
    if (body) {
      return new ProblemError(
        response.status,
        body.title ?? response.statusText,
        body.detail,
        body.errors ?? [],
        wait,
      );
    }
  }
  // A proxy in front of Clawdesk answers in HTML while Clawdesk is away: passing all the same.
  const fromProxy = new ProblemError(response.status, response.statusText, undefined, [], wait);
  return fromProxy.passing ? fromProxy : new UnexpectedAnswerError(url, response.status, type);
}

function parse(text: string): ProblemBody | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
