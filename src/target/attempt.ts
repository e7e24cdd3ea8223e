/** Undefined when it throws. What is tried here may be anybody's: one thing that fails must not keep the rest from being done. */
export function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    // Nobody is there to tell, or the next way is tried.
    return undefined;
  }
}
