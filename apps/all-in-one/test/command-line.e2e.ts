import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clawdesk, type CalledIn } from './support/clawdesk.js';
import { EmbeddedSystem } from './support/system.js';
import { temporaryFolder } from './support/temporary-folder.js';

describe('the command line', () => {
  const folder = temporaryFolder();
  let system: EmbeddedSystem;
  let called: CalledIn;
  const run = (...args: string[]) => clawdesk(system, called, ...args);
  const write = (name: string, content: string): void => {
    const file = join(folder.path, 'help', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };

  beforeAll(async () => {
    system = await EmbeddedSystem.start();
    called = { folder: folder.path, apiKey: system.apiKey() };
    write(
      'faq.csv',
      'id,title,body\nopening,When are you open?,We are open from nine to five on every weekday.\n,No id,x\n',
    );
    write('parking.md', '# Where can I park?\n\nThere is a **free** car park behind the shop.\n');
    write(
      'pets.html',
      '<html><body><nav>Home</nav><h1>May I bring my dog?</h1><p>Dogs are welcome on a lead.</p></body></html>',
    );
  });
  afterAll(async () => {
    await system?.stop();
    folder.remove();
  });

  it('imports what is good, names what is not, and updates without doubling', async () => {
    const first = await run('import', 'help');
    expect(first.code).toBe(1);
    expect(first.said).toContain('faq.csv:3: no id');
    expect(first.said).toContain('3 created, 0 updated, 0 unchanged, 1 rejected');

    write(
      'parking.md',
      '# Where can I park?\n\nThere is a **free** car park behind the shop, open all day.\n',
    );
    write(
      'faq.csv',
      'id,title,body\nopening,When are you open?,We are open from nine to five on every weekday.\n',
    );
    const second = await run('import', 'help');
    expect(second.code).toBe(0);
    expect(second.said).toContain('0 created, 1 updated, 2 unchanged, 0 rejected');
  });

  it('meets the article of a file again, whichever folder or file is named', async () => {
    write('billing/refunds.md', '# How do refunds work?\n\nThe money is back within a week.\n');
    expect((await run('import', 'help')).said).toContain('1 created, 0 updated, 3 unchanged, 0 rejected');
    for (const path of ['help/billing/refunds.md', 'help/billing'])
      expect((await run('import', path)).said).toContain('0 created, 0 updated, 1 unchanged, 0 rejected');
  });

  it('leaves the article of another folder’s file of the same name as it is', async () => {
    write('../other/parking.md', '# Bicycles\n\nThere are stands beside the entrance.\n');
    const other = await run('import', 'other');
    expect(other.said).toContain('1 created, 0 updated, 0 unchanged, 0 rejected');
    expect(other.said).toContain("parking.md: the id 'parking' belongs to");
    expect((await run('import', 'other')).said).toContain('0 created, 0 updated, 1 unchanged');
    expect((await run('import', 'help')).said).toContain('0 created, 0 updated, 4 unchanged');
  });

  it('asks, shows the citation and the time, and goes on in the same thread', async () => {
    const asked = await run('ask', 'Where can I park my car?');
    expect(asked.code).toBe(0);
    expect(asked.said).toContain('car park behind the shop, open all day');
    expect(asked.said).toContain('[1] Where can I park? — parking');
    expect(asked.said).toMatch(/Answered in \d+\.\d+ s\./);
    const person = await run('ask', '--continue', 'I want to talk to a human being.');
    expect(person.code).toBe(0);
    expect(person.said).toContain('Handed to a person');
  });

  it('lists the articles and takes a wrong one out', async () => {
    expect((await run('articles')).said).toMatch(
      /^parking-2 +1 {2}\S+ {2}Bicycles {2}\(.*other\/parking\.md\)$/m,
    );
    expect(await run('articles', 'remove', 'parking-2')).toEqual({ code: 0, said: "Removed 'parking-2'." });
    expect((await run('articles')).said).not.toContain('Bicycles');
    expect((await run('articles', 'remove', 'parking-2')).code).toBe(1);
  });

  it('adds a tenant whose articles are its own', async () => {
    const added = await run('tenants', 'add', 'library', 'The', 'library');
    expect(added.code).toBe(0);
    expect(added.said).toMatch(/^cd_library_/m);
    const asked = await run('ask', '--tenant', 'library', '--json', 'Where can I park my car?');
    expect(asked.said).not.toContain('car park behind the shop');
    expect((await run('tenants', 'list')).said).toContain('library  The library');
  });

  it('tells whether the services can work', async () => {
    expect(await run('status')).toEqual({ code: 0, said: `Clawdesk ${system.urls.of('gateway')}  ready` });
  });
});
