import {
  TransportUnavailableError,
  type BroadcastSubscription,
  type GroupMember,
  type OutgoingRecord,
  type Subscription,
  type TopicSpec,
  type Transport,
} from '@clawdesk/messaging';

/** The log as services get it: there from the start, usable once the host has started it. */
export class LateTransport implements Transport {
  private missing = 'The log is not connected yet. Try again in a moment.';
  private inner: Transport | undefined;
  private fatalListener: ((error: Error) => void) | undefined;

  /** Says what it is waited for: what is asked of it until then is refused with this sentence. */
  waiting(sentence: string): void {
    this.missing = sentence;
  }

  connected(transport: Transport): void {
    this.inner = transport;
    if (this.fatalListener) transport.onFatal(this.fatalListener);
  }

  get name(): string {
    return this.inner?.name ?? 'log (starting)';
  }

  start(topics: readonly TopicSpec[]): Promise<void> {
    return this.use((transport) => transport.start(topics));
  }

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    return this.use((transport) => transport.publish(records));
  }

  consume(subscription: Subscription): Promise<GroupMember> {
    return this.use((transport) => transport.consume(subscription));
  }

  broadcast(subscription: BroadcastSubscription): Promise<{ close(): Promise<void> }> {
    return this.use((transport) => transport.broadcast(subscription));
  }

  ping(): Promise<void> {
    return this.use((transport) => transport.ping());
  }

  async close(): Promise<void> {
    await this.inner?.close();
  }

  onFatal(listener: (error: Error) => void): void {
    this.fatalListener = listener;
    this.inner?.onFatal(listener);
  }

  private use<T>(fn: (transport: Transport) => Promise<T>): Promise<T> {
    if (this.inner) return fn(this.inner);
    return Promise.reject(new TransportUnavailableError(this.missing));
  }
}
