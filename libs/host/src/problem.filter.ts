import { Catch, HttpException, HttpStatus, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseUnavailableError } from '@clawdesk/database';
import { DependencyUnavailable } from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import { Problem, type ProblemOptions } from './problem.js';

const log = logger('http');

const titles: Readonly<Record<number, string>> = {
  400: 'The request is not right',
  401: 'Who are you?',
  403: 'Not allowed',
  404: 'There is no such thing here',
  405: 'Not this way',
  408: 'The request took too long to arrive',
  413: 'The request is too large',
  414: 'The address is too long',
  415: 'This content type is not understood',
  429: 'Too many requests',
  431: 'The headers are too large',
  503: 'Not available right now',
};

/** For errors of the framework whose own sentence would not help who made the request. */
const frameworkDetails: Readonly<Record<number, string>> = {
  414: 'A part of the address is longer than anything that is served here.',
  415: 'Send the body as application/json.',
};

export const problemMediaType = 'application/problem+json';

interface Answer extends ProblemOptions {
  status: number;
  title: string;
  /** What a health check found: an extension member, by the name that terminus gives it. */
  details?: unknown;
}

/** Renders every error of an HTTP route as application/problem+json (RFC 9457), without stack or internals. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    // A stream that has begun has its own way to end.
    if (reply.sent || reply.raw.headersSent) return;
    const answer = problemFor(exception);
    if (answer.status >= 500 && answer.status !== 503) {
      log.error(
        { err: exception, route: request.routeOptions?.url, method: request.method },
        'Request failed',
      );
    }
    sendProblem(reply, answer);
  }
}

export function sendProblem(reply: FastifyReply, answer: Answer): void {
  void reply
    .status(answer.status)
    .headers({ ...answer.headers })
    .type(problemMediaType)
    .send(bodyOf(answer));
}

export function bodyOf({ title, status, detail, errors, details }: Answer): object {
  return { type: 'about:blank', title, status, detail, errors, details };
}

/** What a client is told about an error. */
export function problemFor(exception: unknown): Answer {
  if (exception instanceof Problem) {
    return { ...exception.problem, status: exception.getStatus(), title: exception.title };
  }
  if (exception instanceof DependencyUnavailable || exception instanceof DatabaseUnavailableError) {
    return {
      status: 503,
      title: titles[503]!,
      detail: 'Try again in a moment.',
      headers: { 'retry-after': '2' },
    };
  }
  if (exception instanceof HttpException) {
    const status = exception.getStatus();
    const headers = status === 401 ? { 'www-authenticate': 'Bearer' } : undefined;
    const { details, error } = exception.getResponse() as { details?: unknown; error?: unknown };
    return {
      status,
      title: titles[status] ?? exception.message,
      detail: details === undefined ? detailOf(exception) : missingParts(error),
      headers,
      details,
    };
  }
  const { statusCode, message } = exception as { statusCode?: number; message?: string };
  // Fastify's own errors (body too large, no such content type, …) carry a status of the client's making.
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    const detail = frameworkDetails[statusCode] ?? message;
    return { status: statusCode, title: titles[statusCode] ?? 'The request is not right', detail };
  }
  return { status: HttpStatus.INTERNAL_SERVER_ERROR, title: 'Something went wrong on our side' };
}

/** What a health check found missing, as one text. */
function missingParts(parts: unknown): string {
  const sentences = Object.values((parts ?? {}) as Record<string, { message?: string }>);
  return sentences.map(({ message }) => message).join(' ');
}

function detailOf(exception: HttpException): string | undefined {
  const { message } = exception;
  const status = exception.getStatus();
  return frameworkDetails[status] ?? (message && message !== titles[status] ? message : undefined);
}
