import type { ServiceDefinition } from './service.js';

/** What a process tells the person who started it, on standard output; machines read the JSON log. */
export interface Announcer {
  progress(what: string): void;
  /** A dependency is away: said once per outage. */
  waiting(sentence: string): void;
  ready(address: string, log: string, firstKey: { key: string; file: string } | undefined): void;
  failure(sentence: string): void;
}

export function announce(services: readonly ServiceDefinition[]): Announcer {
  const name = services.length === 1 ? services[0]!.name : 'Clawdesk';
  const started = performance.now();
  const line = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    progress: (what) => line(`${name}: ${what} …`),
    waiting: (sentence) => line(`${name}: waiting. ${sentence}`),
    ready: (address, log, firstKey) => {
      line(`${name} is ready after ${((performance.now() - started) / 1000).toFixed(1)} s (${log}).`);
      line(`  HTTP     ${address}`);
      line(`  Health   ${address}/health/ready`);
      line(`  Metrics  ${address}/metrics`);
      if (firstKey) {
        line('');
        line(`  API key  ${firstKey.key}`);
        line(`           Shown this once; also kept in ${firstKey.file} for \`npm run clawdesk\`.`);
      }
      if (services.length > 1) {
        line('');
        line('  Next:    npm run clawdesk -- import FOLDER|FILE     your help articles');
        line('           npm run clawdesk -- ask "…"                ask as a customer');
      }
    },
    failure: (sentence) => void process.stderr.write(`${name}: ${sentence}\n`),
  };
}
