import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Ip, NotFoundException, Post } from '@nestjs/common';
import {
  Caller,
  Public,
  RequiresVisitor,
  TenantDirectory,
  VisitorTokens,
  type VisitorIdentity,
} from '@clawdesk/auth';
import { webchat } from '@clawdesk/channels';
import { subjectKey, threadKey } from '@clawdesk/crypto';
import { conversationId, messageId, Topics } from '@clawdesk/envelope';
import { Publisher } from '@clawdesk/messaging';
import { counter } from '@clawdesk/tracing';
import { NewMessage, NewThread } from './chat.dto.js';
import { RateLimiter } from './rate-limiter.js';

const accepted = counter('clawdesk_messages_accepted_total', 'Messages that the log has durably', [
  'channel',
]);

/** Web chat is the same account for every tenant; what differs is the tenant's secret. */
const account = 'webchat';

export interface OpenedThread {
  token: string;
  thread: string;
  conversation: string;
  expiresAt: string;
}

export interface AcceptedMessage {
  id: string;
  conversation: string;
  thread: string;
}

/** Web chat in. Writes to the log and nowhere else: what it answers with 202 is on the log. */
@Controller('chat')
export class ChatController {
  constructor(
    private readonly tenants: TenantDirectory,
    private readonly tokens: VisitorTokens,
    private readonly publisher: Publisher,
    private readonly limiter: RateLimiter,
  ) {}

  /** A new thread for a new visitor. Nothing is stored: the token is all there is of it until the first message. */
  @Post('threads')
  @Public()
  async openThread(@Body() body: NewThread = new NewThread(), @Ip() address: string): Promise<OpenedThread> {
    const tenant = await this.tenants.find(body.tenant ?? 'default');
    if (!tenant) throw new NotFoundException('There is no such tenant.');
    await this.limiter.thread(tenant.id, address);
    const visitor = randomUUID();
    const thread = threadKey(tenant.secret, account, randomUUID());
    const subjectkey = subjectKey(tenant.secret, webchat.id, visitor);
    const { token, expiresAt } = this.tokens.issue({
      tenant: tenant.id,
      account,
      thread,
      visitor,
      subjectkey,
    });
    return {
      token,
      thread,
      conversation: conversationId(tenant.id, thread),
      expiresAt: expiresAt.toISOString(),
    };
  }

  /** Takes a message. The same client id again gives the same message id, and no second message. */
  @Post('messages')
  @HttpCode(202)
  @RequiresVisitor()
  async takeMessage(@Body() body: NewMessage, @Caller() caller: VisitorIdentity): Promise<AcceptedMessage> {
    const { tenant, thread, visitor, subjectkey } = caller;
    if (body.thread !== undefined && body.thread !== thread)
      throw new NotFoundException('There is no such thread.');
    await this.limiter.message(tenant, visitor);
    const { clientId, text, locale } = body;
    const id = messageId(tenant, caller.account, webchat.dedupKey({ thread, channelMessageId: clientId }));
    const received = Topics.messageReceived.message({
      channel: webchat.id,
      account: caller.account,
      thread,
      contactPoint: visitor,
      text,
      attachments: [],
      channelMessageId: clientId,
      channelTime: new Date().toISOString(),
      ...(locale && { locale }),
    });
    await this.publisher.publish(received, { tenant, key: thread, id, subjectkey });
    accepted.inc({ channel: webchat.id });
    return { id, conversation: conversationId(tenant, thread), thread };
  }
}
