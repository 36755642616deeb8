import { describe, expect, it } from 'vitest';
import { kafkaConfig } from './kafka.config.js';

describe('kafkaConfig', () => {
  it('needs nothing but the brokers', () => {
    expect(kafkaConfig({ KAFKA_BROKERS: 'one:9092, two:9093' })).toEqual({
      brokers: ['one:9092', 'two:9093'],
      clientId: 'clawdesk',
      ssl: false,
      sasl: undefined,
      replication: undefined,
      compression: 'none',
      retentionHours: 168,
      sessionTimeoutMs: 10_000,
      publishTimeoutMs: 10_000,
    });
  });

  it('names every wrong variable in one go', () => {
    const wrong = {
      KAFKA_BROKERS: 'localhost',
      KAFKA_SASL_USERNAME: 'me',
      KAFKA_SSL: 'yes',
      KAFKA_SSL_CA: '/nowhere/ca.pem',
      KAFKA_SSL_CERT: '/nowhere/cert.pem',
      KAFKA_REPLICATION: '0',
      KAFKA_COMPRESSION: 'zstd',
    };
    let message = '';
    try {
      kafkaConfig(wrong);
    } catch (error) {
      message = (error as Error).message;
    }
    for (const name of Object.keys(wrong)) expect(message).toContain(name);
    expect(message).toContain(
      "KAFKA_BROKERS must list host:port separated by commas; 'localhost' is not one.",
    );
    expect(message).not.toContain('undefined');
  });

  it('says what is missing when no broker is named', () => {
    expect(() => kafkaConfig({})).toThrow('KAFKA_BROKERS must name at least one broker');
  });

  it('takes a sign-in as a whole', () => {
    const sasl = {
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256',
      KAFKA_SASL_USERNAME: 'me',
      KAFKA_SASL_PASSWORD: 'secret',
    };
    expect(kafkaConfig({ KAFKA_BROKERS: 'one:1', ...sasl }).sasl).toEqual({
      mechanism: 'scram-sha-256',
      username: 'me',
      password: 'secret',
    });
  });
});
