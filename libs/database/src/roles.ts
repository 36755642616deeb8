import { createHmac } from 'node:crypto';

/** Names and passwords of an installation's roles in its database. */
export interface Role {
  name: string;
  password: string;
}

export interface Roles {
  /** Services: sees one tenant at a time through row-level security. */
  app: Role;
  /** The log, guards, the list of tenants. */
  platform: Role;
}

/** Addresses of the database for each role. */
export interface RoleUrls {
  app: string;
  platform: string;
}

/**
 * The roles of a database. Names carry the database's name, since roles belong to the whole server; passwords follow
 * from the installation's secret, so that every process finds them without being told.
 */
export function rolesOf(ownerUrl: string, secret: string): Roles {
  const database = decodeURIComponent(new URL(ownerUrl).pathname.slice(1)) || 'postgres';
  const role = (kind: string): Role => {
    const name = `${database}_${kind}`;
    return { name, password: createHmac('sha256', secret).update(`database role ${name}`).digest('hex') };
  };
  return { app: role('app'), platform: role('platform') };
}

/** The owner's address with each role's name and password in it. */
export function roleUrls(ownerUrl: string, secret: string): RoleUrls {
  const { app, platform } = rolesOf(ownerUrl, secret);
  const withRole = ({ name, password }: Role): string => {
    const url = new URL(ownerUrl);
    url.username = encodeURIComponent(name);
    url.password = password;
    return url.href;
  };
  return { app: withRole(app), platform: withRole(platform) };
}
