// Defines a command: a name, a schema for its arguments, and an async generator of replies.

import type { z } from "zod";
import type { Attention } from "./attention.ts";
import type { Attachment, Input, Invocation, User } from "./invocation.ts";
import type { KnowledgeBase } from "./knowledge.ts";
import type { Language, Phrase } from "./language.ts";
import type { ChatMessage, Models } from "./model.ts";
import type { Painter } from "./painter.ts";
import type { Audience } from "./privacy.ts";
import type { Lane } from "./queue.ts";
import type { Records } from "./records.ts";
import type { Reply } from "./reply.ts";
import type { Runtime } from "./runtime.ts";

/** What a command may use. */
export interface Toolbox {
  commands: readonly Command[];
  models: Models;
  knowledge: KnowledgeBase;
  records: Records;
  attention: Attention;
  painter: Painter;
  runtime: Runtime;
}

/** What a platform says of itself where a person needs to know. */
export interface Guidance {
  /** How to ask without a command, with an example. */
  asking: Phrase;
  /** How files come along, behind "Add what?". */
  filing: Phrase;
}

/** What one call of a command is given. */
export interface CommandContext<Args> {
  args: Args;
  user: User;
  workspace: string;
  attachments: readonly Attachment[];
  invocation: Invocation;
  /** What was said before in this conversation, oldest first, question and answer in turn; empty where nothing was. */
  history: readonly ChatMessage[];
  /** Forgets the conversation; whether there was one. */
  forget: () => Promise<boolean>;
  language: Language;
  /** The bytes of one of the attachments. Throws BotError. */
  download: (attachment: Attachment) => Promise<Uint8Array>;
  /** A phrase in the person's language, its commands as they are written where it is read. */
  say: (phrase: Phrase) => string;
  guidance: Guidance;
  tools: Toolbox;
  signal: AbortSignal;
}

/** One value of a command's `action`, for platforms that list them one by one. */
export interface ActionSummary {
  does: Phrase;
  /** What the prose is to it; without this it takes none. */
  takes?: Phrase;
  /** Whether it can do without. */
  isOptional?: boolean;
  /** Whether what it takes can be completed while it is typed. */
  isSuggested?: boolean;
}

/** One thing that a command can be asked for. */
export interface View<Args = Record<string, unknown>> {
  readonly audience: Audience;
  /** What whoever is no admin is told instead; without it, the view is for everyone. */
  readonly admins?: Phrase;
  run(call: CommandContext<Args>): AsyncIterable<Reply>;
}

/** One command, complete. */
export interface Command<Args extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** What it, its arguments and its values are called in other languages, by their English names. */
  readonly names?: Readonly<Partial<Record<Exclude<Language, "en">, Readonly<Record<string, string>>>>>;
  readonly summary: Phrase;
  /** What every call needs; a single view may need more. */
  readonly access: "everyone" | "admins";
  /** Declared once: types, checks, Discord's options, usage lines and the docs all follow from it. */
  readonly args: Args;
  /** A sentence for each argument, as a person reads it. */
  readonly describe: Readonly<Record<keyof Args["shape"] & string, Phrase>>;
  /** For a command with an argument `action`: a sentence for each value. */
  readonly actions?: Readonly<Record<string, ActionSummary>>;
  /** The argument that takes the rest of a typed line. */
  readonly prose?: keyof Args["shape"] & string;
  /** Whether the prose is the person speaking, so that its language is the answer's. */
  readonly isSpoken?: boolean;
  /** Whether its answers become part of the conversation that later questions follow up. */
  readonly converses?: boolean;
  readonly examples: readonly string[];
  /** Whether files may come along: always, or with these values of its `action` only. A platform with forms then offers a place for them. */
  readonly takesFiles?: true | readonly string[];
  /** Arguments whose values can be completed while they are typed. A command that names documents may also change them. */
  readonly suggests?: Readonly<Partial<Record<keyof Args["shape"] & string, "model" | "document" | "command">>>;
  /** The lane that a call waits in; "questions" without it. */
  readonly lane?: (input: Input) => Lane;
  /** All that it can be asked for, by name. */
  readonly views: Readonly<Record<string, View<z.infer<Args>>>>;
  /** The one of them that a call asks for. */
  viewOf(args: z.infer<Args>): View<z.infer<Args>>;
  run(call: CommandContext<z.infer<Args>>): AsyncIterable<Reply>;
}

type Described<Args extends z.ZodObject> = Omit<Command<Args>, "views" | "viewOf" | "run">;
type Several<Args, Name extends string> = {
  readonly views: Readonly<Record<Name, View<Args>>>;
  readonly choose: (args: Args) => NoInfer<Name>;
};

/** Lets the argument types flow from the schema into run(). A command is one view, or several and which of them a call asks for. */
export function defineCommand<Args extends z.ZodObject, Name extends string = "only">(
  definition: Described<Args> & (View<z.infer<Args>> | Several<z.infer<Args>, Name>),
): Command {
  const { views, choose } =
    "views" in definition ? definition : { views: { only: definition }, choose: () => "only" as const };
  const viewOf = (args: z.infer<Args>) => (views as Readonly<Record<string, View<z.infer<Args>>>>)[choose(args)]!;
  const command: Command<Args> = { ...definition, views, viewOf, run: (call) => viewOf(call.args).run(call) };
  return command;
}
