/** Ports of the services where each is a process of its own and none is set. */
export const defaultPorts = {
  gateway: 3001,
  ingestion: 3002,
  nlu: 3003,
  'knowledge-base': 3004,
  'business-logic': 3005,
  generation: 3006,
  dispatch: 3007,
} as const;

export type ServiceName = keyof typeof defaultPorts;

export const serviceNames = Object.keys(defaultPorts) as ServiceName[];

/** Where the all-in-one answers when nothing is set. */
export const defaultUrl = 'http://127.0.0.1:3000';

/**
 * Where each service answers. One address for all of them, a template such as `http://127.0.0.1:{port}` in which
 * each service puts its default port, or one address per service.
 */
export class ServiceUrls {
  constructor(private readonly addresses: string | Readonly<Record<ServiceName, string>> = defaultUrl) {
    for (const service of serviceNames) this.parse(service);
  }

  /** Whether the services are processes of their own. */
  get separate(): boolean {
    return typeof this.addresses !== 'string' || this.addresses.includes('{port}');
  }

  /** Address of a path of one service. */
  of(service: ServiceName, path = ''): string {
    return this.address(service).replace(/\/+$/, '') + path;
  }

  private address(service: ServiceName): string {
    return typeof this.addresses === 'string'
      ? this.addresses.replaceAll('{port}', String(defaultPorts[service]))
      : this.addresses[service];
  }

  private parse(service: ServiceName): void {
    const address = this.address(service);
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      throw new TypeError(
        `'${address}' is not an address of Clawdesk: write it like ${defaultUrl} or http://127.0.0.1:{port}.`,
      );
    }
  }
}
