import { UsageError, type Command } from '../command.js';

export const tenantsCommand: Command = {
  name: 'tenants',
  summary: 'add a tenant, or list them',
  help: `
Usage: npm run clawdesk -- tenants add ID NAME
       npm run clawdesk -- tenants list

add   makes a tenant and prints its first API key, once. ID: a-z, 0-9 and '-', at most 40 characters.
list  prints the tenants.

Needs the key that the first start printed: only that one may work with tenants.`,
  options: {},
  async run(context, _options, [verb, id, ...name]) {
    if (verb === 'list') {
      for (const tenant of await context.keyHolder().tenants())
        context.terminal.line(`${tenant.id}  ${tenant.name}`);
      return 0;
    }
    if (verb !== 'add' || !id || name.length === 0) {
      throw new UsageError('Say `tenants add ID NAME` or `tenants list`.');
    }
    const tenant = await context.keyHolder().addTenant({ id, name: name.join(' ') });
    context.terminal.line(`Tenant '${tenant.id}' is there. Its API key, shown this once:`);
    context.terminal.line(tenant.apiKey);
    return 0;
  },
};
