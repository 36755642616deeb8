import { describe, expect, it } from 'vitest';
import { hostConfig } from './host.config.js';

describe('hostConfig', () => {
  it('names every wrong variable at once, those of database, log and logging too', () => {
    const wrong = {
      PORT: 'x',
      LOG_LEVEL: 'loud',
      DATABASE_POOL_MAX: 'many',
      DATABASE_PREPARE: 'no',
      KAFKA_BROKERS: 'nonsense:port',
      KAFKA_SSL: 'yes',
    };
    let said = '';
    try {
      hostConfig(wrong);
    } catch (error) {
      said = (error as Error).message;
    }
    for (const name of Object.keys(wrong)) expect(said).toContain(`  ${name} `);
    expect(said).toContain(
      "LOG_LEVEL is 'loud': give one of trace, debug, info, warn, error, fatal, silent.",
    );
  });
});
