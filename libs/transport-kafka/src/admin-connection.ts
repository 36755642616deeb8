import type { Admin, Kafka } from 'kafkajs';

/** kafkajs's admin client, connected on first use and anew after an error: it does not get over a lost broker by itself. */
export class AdminConnection {
  private connected: Promise<Admin> | undefined;

  constructor(private readonly kafka: Kafka) {}

  async use<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const connecting = (this.connected ??= this.connect());
    try {
      return await work(await connecting);
    } catch (error) {
      if (this.connected === connecting) this.connected = undefined;
      await this.drop(connecting);
      throw error;
    }
  }

  async close(): Promise<void> {
    const connecting = this.connected;
    this.connected = undefined;
    if (connecting) await this.drop(connecting);
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    await admin.connect();
    return admin;
  }

  private async drop(connecting: Promise<Admin>): Promise<void> {
    try {
      await (await connecting).disconnect();
    } catch {
      // It could not be connected, or is gone: then nothing is left to let go of.
    }
  }
}
