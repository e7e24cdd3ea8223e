import type { ErrorCode } from './errorCode';
import { onOneLine } from './words/foreignText';

/**
 * An error that is shown to a person: what happened and why (`message`, with a full stop), and what to do next
 * (`nextStep`, imperative). Anything else that is thrown is a defect of ours. Each is made by a factory in a file named
 * `…Errors.ts` of the layer that it belongs to; whoever decides by an error asks for its code, never for its text.
 */
export class HeatlensError extends Error {
  override readonly name = 'HeatlensError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly nextStep: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  /** Cause and next step on one line, for a terminal or a notification. */
  get oneLine(): string {
    return onOneLine(`${this.message} ${this.nextStep}`);
  }
}

/** Whether it is one of these errors; any that is shown to a person where no code is given. */
export function isHeatlensError(error: unknown, ...codes: readonly ErrorCode[]): error is HeatlensError {
  return error instanceof HeatlensError && (codes.length === 0 || codes.includes(error.code));
}

export function errorText(error: unknown): string {
  if (isHeatlensError(error)) return error.oneLine;
  return error instanceof Error ? error.message : String(error);
}
