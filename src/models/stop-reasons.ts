// Exports the one reading of every vendor's reason for ending an answer, and the one decision about what a stream came to.

import type { StopReason } from "../core/model.ts";

/** What a vendor says of the end of an answer; "broken" is its own word for having failed in the middle. */
export type VendorStop = Exclude<StopReason, "thoughts-only" | "empty"> | "broken";

const WORDS: Readonly<Record<VendorStop, readonly string[]>> = {
  end: ["stop", "end", "end_turn", "eos", "eos_token", "stop_sequence", "complete", "completed", "finished", "done"],
  length: ["length", "max_tokens", "max_output_tokens", "max_completion_tokens", "max_length"],
  "context-full": ["model_length", "model_context_window_exceeded", "context_length_exceeded", "context_length"],
  refused: ["refusal", "refused"],
  filtered: [
    "content_filter",
    "content_filtered",
    "content_policy_violation",
    "safety",
    "sensitive",
    "recitation",
    "blocklist",
    "prohibited_content",
    "spii",
    "moderation",
    "guardrail",
    "guardrail_intervened",
  ],
  "tool-calls": ["tool_calls", "tool_call", "tool_use", "function_call", "malformed_function_call"],
  paused: ["pause_turn"],
  broken: [
    "error",
    "network_error",
    "insufficient_system_resource",
    "abort",
    "aborted",
    "cancelled",
    "canceled",
    "timeout",
  ],
};

const STOPS: ReadonlyMap<string, VendorStop> = new Map(
  (Object.keys(WORDS) as VendorStop[]).flatMap((stop) => WORDS[stop].map((word) => [word, stop] as const)),
);

/** A word that nobody knows says only that the answer is over. */
export function readStop(word: string): VendorStop {
  return STOPS.get(word.trim().toLowerCase().replaceAll("-", "_")) ?? "end";
}

/** What a stream brought until it ended. */
export interface Brought {
  text: boolean;
  thoughts: boolean;
  toolCalls: boolean;
  stop: VendorStop | undefined;
  /** Whether the vendor closed the stream by its own mark, as `[DONE]`, and not the network. */
  closed: boolean;
}

/** "broken" where the line ended and the answer did not: only that may go better the next time. */
export function endForReason({ text, thoughts, toolCalls, stop, closed }: Brought): StopReason | "broken" {
  if (stop === undefined && !closed) return "broken";
  const reason = stop ?? "end";
  if (text || reason !== "end") return reason;
  if (toolCalls) return "tool-calls";
  return thoughts ? "thoughts-only" : "empty";
}
