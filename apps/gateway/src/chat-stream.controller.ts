import { Controller, Get, Headers, NotFoundException, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Caller, RequiresVisitor, type VisitorIdentity } from '@clawdesk/auth';
import { conversationId } from '@clawdesk/envelope';
import { Problem } from '@clawdesk/host';
import { streamsConfig } from './gateway.config.js';
import type { StreamSink } from './live-stream.js';
import { LiveStreams, unavailable } from './live-streams.js';

const number = /^\d{1,9}$/;

class StreamQuery {
  /** The thread that the caller means; must be the token's. */
  @IsOptional() @IsString() @MaxLength(100) thread?: string;
  /** For clients that cannot set the header. */
  @IsOptional()
  @Matches(number, { message: 'lastEventId must be the number of an event' })
  lastEventId?: string;
}

/** Web chat out: a thread's conversation as server-sent events. */
@Controller('chat')
export class ChatStreamController {
  constructor(private readonly streams: LiveStreams) {}

  @Get('stream')
  @RequiresVisitor()
  async stream(
    @Caller() { tenant, thread }: VisitorIdentity,
    @Query() query: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (query.thread !== undefined && query.thread !== thread) {
      throw new NotFoundException('There is no such thread.');
    }
    const after = resumePoint(lastEventId ?? query.lastEventId);
    const ref = { tenant, conversation: conversationId(tenant, thread) };
    this.streams.admit(ref);
    const stream = this.streams.add(ref, after, sinkOf(reply));
    reply.raw.once('close', () => this.streams.remove(ref, stream));
    try {
      // Until it has begun, an error can still be told.
      if (!(await stream.start())) throw unavailable();
    } catch (error) {
      this.streams.remove(ref, stream);
      throw error;
    }
  }
}

function resumePoint(lastEventId: string | undefined): number {
  if (!lastEventId) return 0;
  if (number.test(lastEventId)) return Number(lastEventId);
  const errors = [{ field: 'Last-Event-ID', message: 'Last-Event-ID must be the number of an event' }];
  throw new Problem(400, 'The request is not right', { errors });
}

function sinkOf(reply: FastifyReply): StreamSink {
  const { raw } = reply;
  return {
    open: () => {
      // From here on the connection is ours, not Fastify's; headers that hooks have set stay.
      reply.hijack();
      // A client that goes while it is written to is no error: `close` follows.
      raw.on('error', () => raw.destroy());
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) raw.setHeader(name, value);
      }
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        // Proxies must pass events on as they come.
        'x-accel-buffering': 'no',
      });
      raw.write(`retry: ${streamsConfig.retryMs}\n\n`);
    },
    write: (text) => void raw.write(text),
    get buffered() {
      return raw.writableLength;
    },
    onceTaken: (listener) => void raw.once('drain', listener),
    close: (hard) => {
      if (hard) raw.destroy();
      else {
        // A kept-alive connection would hold up a server that wants to end.
        const { socket } = raw;
        raw.end(() => socket?.destroySoon());
      }
    },
  };
}
