import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Broker } from './broker.js';
import { freePort } from './ports.js';
import { serverProperties, type BrokerAddress } from './server-properties.js';

describe('a folder of a broker', () => {
  let folder: string;
  let earlier: BrokerAddress;
  let listening: Server[];
  const check = (): Promise<void> => {
    const address = { id: 1, port: 9092, controllerPort: 9093 };
    return new Broker(address, [address], '', folder).refuseIfInUse();
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clawdesk-broker-'));
    await mkdir(join(folder, 'broker-1'));
    earlier = { id: 1, port: await freePort(), controllerPort: await freePort() };
    listening = [];
  });
  afterEach(async () => {
    listening.forEach((server) => server.close());
    await rm(folder, { recursive: true });
  });

  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => listening.push(createServer().listen(port, '127.0.0.1', resolve)));

  it('is refused while the broker that used it last still listens', async () => {
    await check();
    const properties = serverProperties(earlier, [earlier], folder);
    await writeFile(join(folder, 'broker-1', 'server.properties'), properties);
    await check();
    await listen(earlier.port);
    await check();
    await listen(earlier.controllerPort);
    await expect(check()).rejects.toThrow(
      `${folder} is in use by another broker, on port ${earlier.port}: end that one, or choose another folder with --data.`,
    );
  });
});
