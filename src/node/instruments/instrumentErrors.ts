import { HeatlensError } from '../../core/errors';

export function exactUnderCoverage(): HeatlensError {
  return new HeatlensError(
    'exactUnderCoverage',
    'Exact mode is refused: the process records code coverage (NODE_V8_COVERAGE), which it would disturb.',
    'Start the process without NODE_V8_COVERAGE, or use approximate mode.',
  );
}
