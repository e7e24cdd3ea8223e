/**
 * What made a plan. `classic` and `sbe` are MongoDB's; `mixed` has both (SBE below, classic above); look-alikes by name.
 */
export type PlanEngine =
  'legacy' | 'classic' | 'sbe' | 'mixed' | 'express' | 'documentdb' | 'cosmos' | 'ferretdb' | 'unknown';
