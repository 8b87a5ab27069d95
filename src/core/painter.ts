// Defines the painter: SVG in, PNG out.

export interface Painter {
  /**
   * The SVG at its own width and height, as PNG. Text comes in Noto Sans TC (Latin, Traditional Chinese), whatever family is
   * named; a character that it lacks becomes a box. Throws BotError "unavailable" or "timeout"; throws the signal's reason
   * when it is aborted.
   */
  paint(svg: string, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}
