import { HeatlensError } from '../../errors';

// Plain English: the page of the flame graph makes them, and no translations are loaded there.

export function measureGone(): HeatlensError {
  return new HeatlensError(
    'noMeasure',
    'This profile does not have the measure that was shown.',
    'Choose another measure.',
  );
}

export function noTimeline(): HeatlensError {
  return new HeatlensError(
    'noTimeline',
    'This measure has no samples over time.',
    'Choose left heavy, inverted, sandwich or the table.',
  );
}
