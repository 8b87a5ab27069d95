// Decides who is an admin: members with Manage Server or a listed role, asked at every invocation.

/** https://discord.com/developers/docs/topics/permissions: bits of the permission number. */
const ADMINISTRATOR = 1n << 3n;
const MANAGE_GUILD = 1n << 5n;

export interface Membership {
  /** Ids of the member's roles. */
  roles: readonly string[];
  /** What the member may do, as Discord's decimal number. */
  permissions: string;
}

export function isAdmin({ roles, permissions }: Membership, adminRoles: readonly string[]): boolean {
  return maySteer(permissions) || roles.some((role) => adminRoles.includes(role));
}

function maySteer(permissions: string): boolean {
  const bits = /^\d+$/.test(permissions) ? BigInt(permissions) : 0n;
  return (bits & (ADMINISTRATOR | MANAGE_GUILD)) !== 0n;
}

/** A guild as far as rights go. A message, unlike an interaction, does not say what its author may do. */
export interface GuildRights {
  owner: string;
  roles: readonly { id: string; permissions: string }[];
}

/** What a member's roles allow together; the role of everyone carries the guild's own id. */
export function permissionsIn(
  guild: string,
  rights: GuildRights,
  member: { id: string; roles: readonly string[] },
): string {
  if (rights.owner === member.id) return String(ADMINISTRATOR);
  const held = rights.roles.filter(({ id }) => id === guild || member.roles.includes(id));
  return String(held.reduce((sum, { permissions }) => sum | BigInt(permissions), 0n));
}
