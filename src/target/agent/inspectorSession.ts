import type { InspectorNotification, Session } from 'node:inspector';
import { agentErrorCode } from '../../core/protocol/agentProtocol';
import { requireBuiltin } from './builtins';
import { RefusedError } from './refusedError';

interface EvaluateReply {
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

/**
 * Node's inspector inside its own thread: no port, no signal, and unharmed by `--disable-sigusr1` and by a debugger that
 * is connected too. Opened by the first request, closed for good by `close`, which makes V8 stop all that was started.
 */
export class InspectorSession {
  private session: Session | undefined;
  private isClosed = false;

  /** Every event of the session goes to `onEvent`. */
  constructor(private readonly onEvent: (method: string, params: object) => void) {}

  /** Rejects with a RefusedError that has V8's code and text. Most methods are done before this returns. */
  post<T extends object>(method: string, params: object = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      this.open().post(method, params, (error, result) => {
        if (error) reject(asRefusal(error));
        else resolve((result ?? {}) as T);
      });
    });
  }

  /** Runs JavaScript with the console's command line functions in reach; throws what it throws. */
  async evaluate(expression: string): Promise<void> {
    // The URL makes the little time that this takes count as the runtime's, and not as the application's.
    const reply = await this.post<EvaluateReply>('Runtime.evaluate', {
      expression: `${expression}\n//# sourceURL=node:heatlens`,
      includeCommandLineAPI: true,
      silent: true,
    });
    if (reply.exceptionDetails)
      throw new Error(reply.exceptionDetails.exception?.description ?? reply.exceptionDetails.text);
  }

  close(): void {
    this.isClosed = true;
    this.session?.disconnect();
    this.session = undefined;
  }

  private open(): Session {
    if (this.isClosed) throw new RefusedError(agentErrorCode.failed, 'The conversation is over.');
    if (this.session) return this.session;
    const inspector = loadInspector();
    const session = new inspector.Session();
    session.connect();
    session.on('inspectorNotification', (event: InspectorNotification<object>) =>
      this.onEvent(event.method, event.params ?? {}),
    );
    this.session = session;
    return session;
  }
}

/** Whether this build of Node has an inspector at all. */
export function hasInspector(): boolean {
  return process.features.inspector;
}

function loadInspector(): typeof import('node:inspector') {
  if (!hasInspector()) throw new RefusedError(agentErrorCode.failed, 'This Node was built without an inspector.');
  return requireBuiltin('node:inspector') as typeof import('node:inspector');
}

/** Node wraps V8's refusal as `Inspector error -32601: 'X' wasn't found`. */
function asRefusal(error: Error): RefusedError {
  const match = /^Inspector error (-?\d+): (.*)$/s.exec(error.message);
  return new RefusedError(Number(match?.[1] ?? agentErrorCode.failed), match?.[2] ?? error.message);
}
