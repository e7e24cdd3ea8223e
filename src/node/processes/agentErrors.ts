import { HeatlensError } from '../../core/errors';

export function agentGone(what: string): HeatlensError {
  return new HeatlensError(
    'agentGone',
    `No Heatlens agent answers at ${what}: its process or worker has ended.`,
    'List the processes again, and start the program with node -r heatlens/agent.',
  );
}

export function agentBusy(what: string): HeatlensError {
  return new HeatlensError(
    'agentBusy',
    `${what} is measured by another Heatlens already, and its agent serves one client at a time.`,
    'Detach the other editor or command line, then attach again.',
  );
}

export function agentRefused(what: string, reason: 'token' | 'protocol'): HeatlensError {
  return reason === 'token'
    ? new HeatlensError(
        'agentRefused',
        `The agent in ${what} does not accept the token of its file.`,
        'Restart the program as the user that runs Heatlens.',
      )
    : new HeatlensError(
        'agentRefused',
        `The agent in ${what} belongs to another version of Heatlens.`,
        'Restart the program with the heatlens/agent of this version.',
      );
}

export function agentUnsafe(path: string, reason: string): HeatlensError {
  return new HeatlensError(
    'agentUnsafe',
    `Agents below ${path} are not trusted: ${reason}.`,
    `Remove ${path}, or set HEATLENS_AGENT_DIR to a folder of your own for the program and for Heatlens.`,
  );
}
