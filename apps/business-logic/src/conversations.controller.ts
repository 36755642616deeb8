import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Caller, RequiresPermission, type ApiKeyIdentity } from '@clawdesk/auth';
import { deriveId, Topics, type TimelineEntry } from '@clawdesk/envelope';
import { Problem } from '@clawdesk/host';
import { Publisher } from '@clawdesk/messaging';
import { isUUID } from 'class-validator';
import { CommandsStore, type CommandResult } from './commands.store.js';
import { cursorOf, placeOf } from './cursor.js';
import { CommandBody, ListQuery, TimelineQuery } from './conversations.dto.js';
import { InboxStore, type ConversationSummary } from './inbox.store.js';
import { TimelineStore } from './timeline.store.js';

const pageSize = 50;
const timelineSize = 200;

@Controller('api/conversations')
export class ConversationsController {
  constructor(
    private readonly inbox: InboxStore,
    private readonly timeline: TimelineStore,
    private readonly commands: CommandsStore,
    private readonly publisher: Publisher,
  ) {}

  /** Conversations, latest activity first. `next` is there when there may be more: pass it as `before`. */
  @Get()
  @RequiresPermission('conversations:read')
  async list(
    @Caller() caller: ApiKeyIdentity,
    @Query() query: ListQuery,
  ): Promise<{ conversations: ConversationSummary[]; next?: string }> {
    const limit = query.limit ?? pageSize;
    const before = query.before === undefined ? undefined : placeOf(query.before);
    const { state, owner } = query;
    const conversations = await this.inbox.list(caller.tenant, { state, owner, before }, limit);
    const last = conversations.at(-1);
    return { conversations, ...(last && conversations.length === limit && { next: cursorOf(last) }) };
  }

  /** One conversation with the newest entries of its timeline, oldest first. */
  @Get(':id')
  @RequiresPermission('conversations:read')
  async get(
    @Caller() caller: ApiKeyIdentity,
    @Param('id') id: string,
    @Query() query: TimelineQuery,
  ): Promise<ConversationSummary & { timeline: TimelineEntry[] }> {
    const conversation = await this.find(caller.tenant, id);
    const timeline = await this.timeline.read(caller.tenant, id, query.limit ?? timelineSize, query.before);
    return { ...conversation, timeline };
  }

  /** Takes a command; what came of it is on the stream and under the command's id. */
  @Post(':id/commands')
  @HttpCode(202)
  @RequiresPermission('conversations:write')
  async command(
    @Caller() caller: ApiKeyIdentity,
    @Param('id') id: string,
    @Body() body: CommandBody,
  ): Promise<{ command: string }> {
    if (body.type === 'reply' && !body.text?.trim()) {
      throw new Problem(400, 'A reply needs a text.', {
        errors: [{ field: 'text', message: 'text must not be empty when type is reply' }],
      });
    }
    const conversation = await this.find(caller.tenant, id);
    const data = { command: body.id, conversation: id, type: body.type, agent: caller.key, text: body.text };
    await this.publisher.publish(Topics.conversationCommanded.message(data), {
      tenant: caller.tenant,
      key: conversation.thread,
      id: deriveId('command', caller.tenant, id, body.id),
      subjectkey: conversation.contact,
    });
    return { command: body.id };
  }

  @Get(':id/commands/:command')
  @RequiresPermission('conversations:read')
  async result(
    @Caller() caller: ApiKeyIdentity,
    @Param('id') id: string,
    @Param('command') command: string,
  ): Promise<CommandResult> {
    const conversation = await this.find(caller.tenant, id);
    const result = isUUID(command)
      ? await this.commands.find(caller.tenant, conversation.id, command)
      : undefined;
    if (!result)
      throw new Problem(404, 'There is no result of this command: it is unknown or has not been run yet.');
    return result;
  }

  /** Another tenant's conversation does not exist here. */
  private async find(tenant: string, id: string): Promise<ConversationSummary> {
    const conversation = isUUID(id) ? await this.inbox.find(tenant, id) : undefined;
    if (!conversation) throw new Problem(404, 'There is no such conversation.');
    return conversation;
  }
}
