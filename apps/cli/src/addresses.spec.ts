import { describe, expect, it } from 'vitest';
import { defaultPorts, defaultUrl, ServiceUrls, type ServiceName } from '@clawdesk/client';
import { allInOnePort, routes } from '@clawdesk/host';

describe('the addresses that clients know', () => {
  it('are the ones that services listen on', () => {
    expect(defaultPorts).toEqual(
      Object.fromEntries(Object.entries(routes).map(([name, { port }]) => [name, port])),
    );
    expect(new URL(defaultUrl).port).toBe(String(allInOnePort));
  });

  it('lead each path to the service that serves it', () => {
    const urls = new ServiceUrls('http://127.0.0.1:{port}');
    for (const [name, { port, prefixes }] of Object.entries(routes)) {
      for (const prefix of prefixes)
        expect(urls.of(name as ServiceName, prefix)).toBe(`http://127.0.0.1:${port}${prefix}`);
    }
  });
});
