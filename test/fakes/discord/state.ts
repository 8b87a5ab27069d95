// What the stand-in Discord remembers: channels, messages, interactions, files.

export interface FakeMessage {
  id: string;
  channel_id: string;
  content: string;
  components: FakeRow[];
  attachments: { id: string; filename: string; size: number; url: string; description?: string }[];
  flags: number;
  author: { id: string; username: string; bot?: boolean };
  /** How often it was edited, and everything it ever said. */
  edits: number;
  history: string[];
  nonce?: string;
  reference?: string;
  /** The interaction that it answers. */
  interaction?: string;
  /** Whether it is a deferred answer that nothing was said in yet. */
  isThinking: boolean;
  deleted: boolean;
}

export interface FakeComponent {
  type: number;
  label?: string;
  custom_id?: string;
  placeholder?: string;
  style?: number;
  options?: { label: string; value: string }[];
}
export interface FakeRow {
  type: number;
  components: FakeComponent[];
}

export interface FakeInteraction {
  id: string;
  /** 2 for a command, 3 for a component, 4 while typing, 5 for a modal. */
  kind: number;
  token: string;
  channel: string;
  user: string;
  at: number;
  /** The callback's type; undefined until it was answered. */
  answered?: number;
  answeredAt?: number;
  firstEditAt?: number;
  data?: Record<string, unknown>;
  original?: string;
  /** The message whose button was pressed. */
  pressed?: string;
  expired: boolean;
}

export const APPLICATION = "100000000000000001";
export const BOT = "100000000000000002";
export const GUILD = "200000000000000001";
export const CHANNEL = "300000000000000001";
export const OWNER = "400000000000000009";
export const ADMIN_ROLE = "500000000000000001";
export const BOT_ROLE = "500000000000000002";
export const TOKEN = "the-token";

let counter = 0n;

/** Ids as Discord makes them: a time, and a number that rises. */
export function snowflake(): string {
  return String(((BigInt(Date.now()) - 1_420_070_400_000n) << 22n) | (++counter & 0x3fffffn));
}

export class FakeState {
  readonly messages = new Map<string, FakeMessage>();
  readonly interactions = new Map<string, FakeInteraction>();
  readonly files = new Map<string, { bytes: Uint8Array; signature: string }>();
  readonly threads = new Map<string, { parent: string; name: string }>();
  readonly directs = new Map<string, string>();
  /** Threads that take no edits until somebody writes there; and those that nobody may write in. */
  readonly archived = new Set<string>();
  readonly locked = new Set<string>();
  /** By channel, the permissions that the bot does not have there, named as in Discord's settings. */
  readonly lacking = new Map<string, ReadonlySet<string>>();
  commands: Record<string, unknown>[] = [];
  commandsPath = "";
  typing = 0;

  post(message: Partial<FakeMessage> & Pick<FakeMessage, "channel_id" | "content">): FakeMessage {
    const posted: FakeMessage = {
      id: snowflake(),
      components: [],
      attachments: [],
      flags: 0,
      author: { id: BOT, username: "heed", bot: true },
      edits: 0,
      history: [message.content],
      isThinking: false,
      deleted: false,
      ...message,
    };
    this.messages.set(posted.id, posted);
    return posted;
  }

  /** What stands in a channel, oldest first. */
  in(channel: string): FakeMessage[] {
    return [...this.messages.values()].filter((message) => message.channel_id === channel && !message.deleted);
  }

  byBot(channel: string): FakeMessage[] {
    return this.in(channel).filter(({ author }) => author.id === BOT);
  }
}
