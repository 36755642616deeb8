import { Inject } from '@nestjs/common';
import { ChannelRegistry } from '@clawdesk/channels';
import { Database } from '@clawdesk/database';
import { Topics, type Envelope, type Outgoing, type ReplyComposed } from '@clawdesk/envelope';
import { Consumer, Handles, PermanentFailure } from '@clawdesk/messaging';
import { counter } from '@clawdesk/tracing';
import { ClaimsStore } from './claims.store.js';
import { Sender } from './sender.js';

const claims = counter(
  'clawdesk_replies_claimed_total',
  'Replies that came to be sent, by what became of the claim',
  ['channel', 'claim'],
);

/** Claims each reply once. A bot's reply whose fence is no longer in force is reported as `fenced` and not sent. */
@Consumer()
export class ClaimReply {
  constructor(
    private readonly claims: ClaimsStore,
    private readonly channels: ChannelRegistry,
    @Inject(Sender) private readonly sender: Pick<Sender, 'wake'>,
    private readonly database: Database,
  ) {}

  @Handles(Topics.replyComposed, { group: 'dispatch.claim-reply', kind: 'stateful' })
  async claim(reply: ReplyComposed, event: Envelope<ReplyComposed>): Promise<Outgoing[]> {
    const channel = this.channels.find(reply.channel);
    if (!channel) {
      throw new PermanentFailure(
        `There is no channel '${reply.channel}': list it in libs/channels/src/channels.ts.`,
      );
    }
    const settled = channel.capabilities.settledBy === 'timeline';
    const claim = await this.claims.claim(event, { settled });
    this.database.afterCommit(() => claims.inc({ channel: channel.id, claim }));
    if (claim === 'fenced') return [Topics.replyDelivered.message({ ...reply, outcome: 'fenced' })];
    if (claim === 'again') return [];
    if (settled) return [Topics.replyDelivered.message({ ...reply, outcome: 'sent' })];
    const { account } = reply;
    this.database.afterCommit(() => this.sender.wake({ tenant: event.tenant, channel: channel.id, account }));
    return [];
  }
}
