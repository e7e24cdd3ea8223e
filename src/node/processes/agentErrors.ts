import { t } from '@vscode/l10n';
import { HeatlensError } from '../../core/errors';

export function agentGone(what: string): HeatlensError {
  return new HeatlensError(
    'agentGone',
    t('No Heatlens agent answers at {0}: its process or worker has ended.', what),
    t('List the processes again, and start the program with node -r heatlens/agent.'),
  );
}

export function agentBusy(what: string): HeatlensError {
  return new HeatlensError(
    'agentBusy',
    t('{0} is measured by another Heatlens already, and its agent serves one client at a time.', what),
    t('Detach the other editor or command line, then attach again.'),
  );
}

export function agentRefused(what: string, reason: 'token' | 'protocol'): HeatlensError {
  return reason === 'token'
    ? new HeatlensError(
        'agentRefused',
        t('The agent in {0} does not accept the token of its file.', what),
        t('Restart the program as the user that runs Heatlens.'),
      )
    : new HeatlensError(
        'agentRefused',
        t('The agent in {0} belongs to another version of Heatlens.', what),
        t('Restart the program with the heatlens/agent of this version.'),
      );
}

export function agentUnsafe(path: string, reason: string): HeatlensError {
  return new HeatlensError(
    'agentUnsafe',
    t('No agent is looked for below {0}: {1}.', path, reason),
    t(
      'Nothing else depends on it. For agents there, set HEATLENS_AGENT_DIR to a folder of your own, for the program and for Heatlens.',
    ),
  );
}
