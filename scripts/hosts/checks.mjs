// Checks outside the test runner, counted as its tests are.

export function collector() {
  const result = { passed: 0, skipped: 0, failures: [] };
  const check = (title, problem) => {
    if (problem) {
      result.failures.push({ title, error: problem });
      console.log(`  ✗ ${title}: ${problem}`);
    } else {
      result.passed += 1;
      console.log(`  ✓ ${title}`);
    }
  };
  return { result, check };
}
