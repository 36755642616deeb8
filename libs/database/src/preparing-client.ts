import type { Socket } from 'node:net';
import pg from 'pg';

/** More texts than this are made by programs, not by people: they are not worth a name. */
const mostNames = 500;

/** Names of statements, the same on every connection of this process. */
const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNames) return known;
  const name = `s${names.size + 1}`;
  names.set(text, name);
  return name;
}

/** What is used of the driver's connection and not in its types. */
interface WithStream {
  connection: { stream: Pick<Socket, 'cork' | 'uncork'> };
}

/**
 * A connection that prepares each statement with parameters once and runs it by name from then on: parsing and
 * planning a short statement costs PostgreSQL several times more than running it. Statements that are sent in the
 * same turn of the event loop leave in one write.
 */
export class PreparingClient extends pg.Client {
  private corked = false;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const send = this.query.bind(this);
    const prepare = (query: unknown, values: unknown, ...rest: readonly unknown[]): unknown => {
      const name =
        typeof query === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(query) : undefined;
      const args = name === undefined ? [query, values, ...rest] : [{ name, text: query, values }, ...rest];
      this.cork();
      return Reflect.apply(send, this, args) as unknown;
    };
    Object.defineProperty(this, 'query', { value: prepare });
  }

  private cork(): void {
    if (this.corked) return;
    const { stream } = (this as unknown as WithStream).connection;
    this.corked = true;
    stream.cork();
    process.nextTick(() => {
      this.corked = false;
      stream.uncork();
    });
  }
}
