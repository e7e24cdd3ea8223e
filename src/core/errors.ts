/**
 * An error that is shown to a person: what happened and why (`message`), and what to do next (`nextStep`).
 * Anything else that is thrown is a defect of ours. Factories with the texts live in `userErrors.ts`.
 */
export class HeatlensError extends Error {
  override readonly name = 'HeatlensError';

  constructor(
    readonly code: string,
    message: string,
    readonly nextStep: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  /** Cause and next step on one line, for a terminal or a notification. */
  get oneLine(): string {
    return `${this.message} ${this.nextStep}`.replace(/\s*\n\s*/g, ' ');
  }
}

export function isHeatlensError(error: unknown): error is HeatlensError {
  return error instanceof HeatlensError;
}

export function errorText(error: unknown): string {
  if (isHeatlensError(error)) return error.oneLine;
  return error instanceof Error ? error.message : String(error);
}
