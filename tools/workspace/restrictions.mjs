// What may be imported where, beyond what the tags of the projects say. Used by eslint.config.js.

const bans = {
  kafkajs: {
    name: 'kafkajs',
    message: 'Only libs/transport-kafka talks to Kafka: publish by returning, consume with @Handles.',
  },
  pg: {
    name: 'pg',
    message: 'Only libs/database and libs/transport-postgres use pg: take Database from @clawdesk/database.',
  },
  typeorm: {
    name: 'typeorm',
    message: 'TypeORM belongs in libs/database, in *.store.ts and in migrations/.',
  },
};

const always = {
  paths: [
    {
      name: '@nestjs/common',
      importNames: ['forwardRef'],
      message: 'A cycle of providers: move what both need into a third class.',
    },
    { name: 'node:process', importNames: ['env'], message: 'The environment is read in *.config.ts only.' },
  ],
  patterns: [
    { regex: '^@clawdesk/[^/]+/(src|dist)(/|$)', message: 'Import the package by its name.' },
    { regex: '^\\.{1,2}/.*(?<!\\.(js|json|mjs))$', message: "Relative imports end in '.js'." },
  ],
};

/** The rule `no-restricted-imports`, with these libraries allowed. */
export function importsWith(...allowed) {
  const banned = Object.entries(bans).filter(([name]) => !allowed.includes(name));
  return ['error', { ...always, paths: [...always.paths, ...banned.map(([, ban]) => ban)] }];
}

const secret = '/(secret|signature|hmac|password|passwd|apiKey)$/i';
const compared = 'BinaryExpression[operator=/^[!=]==?$/]';
const message = 'Secrets are compared with timingSafeEqual.';

/** Selectors of comparisons that give a secret away by the time they take. Comparing with a literal or undefined is none. */
export const leakingComparisons = ['left', 'right'].flatMap((side) => {
  const other = side === 'left' ? 'right' : 'left';
  const counted = `[${other}.type!='Literal'][${other}.name!='undefined']`;
  return [`[${side}.name=${secret}]`, `[${side}.property.name=${secret}]`].map((named) => ({
    selector: `${compared}${named}${counted}`,
    message,
  }));
});
