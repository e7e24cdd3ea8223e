/**
 * Tests that mostly wait, begun together and judged one after the other: they take as long as the longest of them.
 * What they start must not be stopped before the last one is over.
 */
export function sideBySide(tests: Readonly<Record<string, () => Promise<void>>>): void {
  const outcomes = new Map<string, Promise<Error | undefined>>();
  before(() => {
    for (const [name, test] of Object.entries(tests)) {
      outcomes.set(
        name,
        test().then(
          () => undefined,
          (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
        ),
      );
    }
  });
  for (const name of Object.keys(tests)) {
    it(name, async () => {
      const error = await outcomes.get(name);
      if (error) throw error;
    });
  }
}
