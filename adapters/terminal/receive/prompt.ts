// Shows the prompt, hides it while an answer is written, and keeps what is typed meanwhile.

import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import type { Console } from "../../../src/core/runtime.ts";

const HISTORY_LINES = 500;
/** Asks the terminal to tell what is pasted from what is typed, so that a pasted paragraph is one question. */
const TELL_PASTES = "\u001B[?2004h";
const TELL_NO_PASTES = "\u001B[?2004l";

export interface PromptOptions {
  text: string;
  /** Newest first. */
  history: string[];
  complete: (typed: string) => [string[], string];
  /** Told of what stands at the prompt while it is out of sight. */
  onTyping: (typed: string) => void;
  /** A line entered out of sight; true where it was meant for now and waits for nothing. */
  onAhead: (line: string) => boolean;
  /** Ctrl-C with nothing at the prompt, or while it is out of sight. */
  onInterrupt: () => void;
}

export class Prompt {
  readonly #curtain: Curtain;
  readonly #readline: Interface;
  /** Lines that were entered out of sight, before anybody asked for them. */
  readonly #ahead: string[] = [];
  readonly #options: PromptOptions;
  readonly #output: Console["output"];
  /** Of whoever waits for a line. */
  #resolve: ((line: string | undefined) => void) | undefined;
  #isOpen = true;
  #isPasting = false;
  /** Pasted lines above the one that is being typed. */
  #pasted: string[] = [];

  constructor({ input, output }: Console, options: PromptOptions) {
    this.#options = options;
    this.#output = output;
    this.#curtain = new Curtain(output);
    const { text: prompt, history, complete: completer } = options;
    const common = { prompt, history, historySize: HISTORY_LINES, completer, removeHistoryDuplicates: true };
    this.#readline = createInterface({ ...common, input, output: this.#curtain, terminal: true });
    this.#readline.on("line", (line) => this.#enter(line));
    this.#readline.on("SIGINT", () => this.#interrupt());
    this.#readline.on("close", () => {
      this.#isOpen = false;
      this.#output.write(TELL_NO_PASTES);
      this.#give(undefined);
    });
    // After readline's own listener, so that the key has done its work.
    input.on("keypress", (_, { name }: { name?: string }) => this.#watch(name));
    output.write(TELL_PASTES);
  }

  /** The next line, which then stands at the prompt; undefined when the person has left. */
  async read(): Promise<string | undefined> {
    const line = this.#ahead.shift();
    if (line !== undefined) this.#output.write(`${this.#options.text}${line}\n`);
    if (line !== undefined || !this.#isOpen) return line;
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.reveal();
    });
  }

  /** Takes the prompt off the screen, with what stands there. */
  hide(): void {
    if (this.#curtain.isDown) return;
    const { rows } = this.#readline.getCursorPos();
    this.#output.write(`${rows > 0 ? `\u001B[${rows}A` : ""}\r\u001B[J`);
    this.#curtain.isDown = true;
    // Drawn for nobody, so that readline forgets the rows that it would climb at the next drawing.
    this.#readline.prompt(true);
  }

  /** Brings it back, with what was typed meanwhile, where a line is waited for. */
  reveal(): void {
    if (!this.#resolve) return;
    this.#curtain.isDown = false;
    this.#readline.prompt(true);
  }

  close(): void {
    this.#readline.close();
  }

  #enter(line: string): void {
    this.#pasted.push(line);
    if (this.#isPasting) return;
    const whole = this.#pasted.splice(0).join("\n");
    this.#curtain.isDown = true;
    if (this.#resolve) this.#give(whole);
    else if (!this.#options.onAhead(whole)) this.#ahead.push(whole);
  }

  #give(line: string | undefined): void {
    this.#resolve?.(line);
    this.#resolve = undefined;
  }

  /** As shells do: what was typed is left standing, and a new line begins. */
  #interrupt(): void {
    if (this.#curtain.isDown || !(this.#readline.line || this.#pasted.length > 0)) return this.#options.onInterrupt();
    this.#pasted = [];
    this.#readline.write(null, { ctrl: true, name: "e" });
    this.#curtain.isDown = true;
    this.#readline.write(null, { ctrl: true, name: "u" });
    this.#output.write("^C\n");
    this.reveal();
  }

  #watch(key: string | undefined): void {
    if (key === "paste-start") this.#isPasting = true;
    if (key === "paste-end") this.#isPasting = false;
    if (!this.#curtain.isDown || !this.#isOpen) return;
    this.#options.onTyping([...this.#ahead, ...this.#pasted, this.#readline.line].join(" ⏎ "));
  }
}

/** Readline's way to the screen. Behind a lowered curtain it writes for nobody, on a line without an end. */
class Curtain extends Writable {
  isDown = false;
  readonly #output: Console["output"];

  constructor(output: Console["output"]) {
    super({ decodeStrings: false });
    this.#output = output;
    output.on("resize", () => this.emit("resize"));
  }

  get columns(): number {
    return this.isDown ? Infinity : (this.#output.columns ?? Infinity);
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.isDown) this.#output.write(chunk);
    done();
  }
}
