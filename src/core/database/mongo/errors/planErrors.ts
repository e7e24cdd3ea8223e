import { errorText, HeatlensError } from '../../../errors';

export function explainRefused(message: string, code: number | undefined): HeatlensError {
  return new HeatlensError(
    'explainRefused',
    `The server refused to explain the command: ${message.slice(0, 500).replace(/\.?$/, '.')}`,
    code === undefined
      ? 'Correct the command, then explain it again.'
      : `Correct the command (error ${code}), then explain it again.`,
  );
}

export function noExplain(why: string): HeatlensError {
  return new HeatlensError(
    'noExplain',
    `This is not the result of an explain. ${why}`,
    'Take the whole answer of explain("executionStats"), or an entry of system.profile, as JSON.',
  );
}

export function planNotJson(name: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'notJson',
    `${name} is not JSON: ${errorText(cause)}.`,
    'Print the explain with EJSON.stringify() in the shell, which gives JSON.',
    { cause },
  );
}
