import { serviceNames, UnreachableError, type ServiceHealth, type ServiceName } from '@clawdesk/client';
import type { Command, Context } from '../command.js';

export const statusCommand: Command = {
  name: 'status',
  summary: 'whether every service can work',
  help: `
Usage: npm run clawdesk -- status

Asks every service whether it is ready, and says what is missing. Exit code 1 when one is not.`,
  options: {},
  async run(context) {
    const client = context.visitor();
    const { separate } = client.urls;
    const asked: readonly ServiceName[] = separate ? serviceNames : ['gateway'];
    const answers = await Promise.all(
      asked.map(async (name) => ({ name, health: await healthOf(context, name) })),
    );
    for (const { name, health } of answers) {
      const label = separate ? name.padEnd(15) : 'Clawdesk';
      const state = health.ready ? 'ready' : `not ready: ${health.missing.join('; ')}`;
      context.terminal.line(`${label} ${client.urls.of(name)}  ${state}`);
    }
    return answers.every(({ health }) => health.ready) ? 0 : 1;
  },
};

async function healthOf(context: Context, name: ServiceName): Promise<ServiceHealth> {
  try {
    return await context.visitor().health(name, AbortSignal.timeout(5_000));
  } catch (error) {
    if (error instanceof UnreachableError) return { ready: false, missing: ['does not answer'] };
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      return { ready: false, missing: ['does not answer within 5 s'] };
    }
    throw error;
  }
}
