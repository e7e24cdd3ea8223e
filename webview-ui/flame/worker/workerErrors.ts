import { HeatlensError } from '../../../src/core/errors';

export function noProfile(): HeatlensError {
  return new HeatlensError('noProfile', 'No profile is open.', 'Open one first.');
}

export function noComparison(): HeatlensError {
  return new HeatlensError(
    'noComparison',
    'There is nothing to compare this profile with.',
    'Choose a second profile, or mark two ranges of time.',
  );
}

export function frameNotShown(): HeatlensError {
  return new HeatlensError(
    'frameNotShown',
    'The method is not in what is shown.',
    'Choose another one, or show what is hidden or folded.',
  );
}
