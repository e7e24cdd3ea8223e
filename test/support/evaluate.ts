import type { Channel } from '../../src/node/channel';

interface EvaluateReply {
  result: { value?: unknown };
  exceptionDetails?: { text: string; exception?: { description?: string } };
}

/**
 * Runs a JavaScript expression in the target's global scope and returns its JSON value. `require` is visible to it even
 * under ESM. Scripts of ours carry a `node:` URL, so that their cost counts as the runtime's and never as the program's.
 */
export async function evaluate<T>(
  channel: Channel,
  expression: string,
  options: { awaitPromise?: boolean; timeoutMs?: number } = {},
): Promise<T> {
  const reply = await channel.send<EvaluateReply>(
    'Runtime.evaluate',
    {
      expression: `${expression}\n//# sourceURL=node:heatlens`,
      includeCommandLineAPI: true,
      returnByValue: true,
      silent: true,
      awaitPromise: options.awaitPromise ?? false,
    },
    { timeoutMs: options.timeoutMs },
  );
  if (reply.exceptionDetails) {
    throw new Error(reply.exceptionDetails.exception?.description ?? reply.exceptionDetails.text);
  }
  return reply.result.value as T;
}
