'use strict';

// Mocha reporter of every suite: one line a test, and all results as JSON for the summary. It runs in plain Node and
// inside extension hosts, where only what is printed with the mark reaches the terminal.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING, EVENT_TEST_RETRY, EVENT_SUITE_BEGIN } =
  Mocha.Runner.constants;

/** ms that a run may take to end after its last test. */
const END_PATIENCE_MS = 60_000;

class Reporter {
  constructor(runner) {
    const mark = process.env.HEATLENS_TEST_MARK ?? '';
    const print = (line) => console.log(mark + line);
    const results = { passed: 0, skipped: 0, failures: [] };
    let depth = 0;
    const indent = () => '  '.repeat(depth);
    runner.on(EVENT_SUITE_BEGIN, (suite) => {
      depth = suite.titlePath().length;
      if (suite.title) print(`${'  '.repeat(depth - 1)}${suite.title}`);
    });
    runner.on(EVENT_TEST_PASS, (test) => {
      results.passed += 1;
      depth = test.titlePath().length - 1;
      print(`${indent()}✓ ${test.title}${test.duration > 500 ? ` (${(test.duration / 1000).toFixed(1)} s)` : ''}`);
    });
    runner.on(EVENT_TEST_PENDING, (test) => {
      results.skipped += 1;
      print(`${indent()}- ${test.title}`);
    });
    runner.on(EVENT_TEST_RETRY, (test, error) => {
      print(`${indent()}↻ ${test.title}: failed once and is tried again: ${oneLine(String(error?.message ?? error))}`);
    });
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      results.failures.push({ title: test.titlePath().join(' › '), error: describe(error) });
      print(`${indent()}✗ ${test.title}`);
    });
    runner.on(EVENT_RUN_END, () => {
      for (const { title, error } of results.failures) {
        for (const line of ['', `✗ ${title}`, ...error.split('\n').map((text) => `    ${text}`)]) print(line);
      }
      const save = () => {
        if (process.env.HEATLENS_TEST_RESULTS)
          writeFileSync(process.env.HEATLENS_TEST_RESULTS, JSON.stringify(results));
      };
      save();
      // Hosts are ended by who started them.
      if (mark) return;
      const giveUp = () => {
        const error = 'it does not end: what some test started still goes on';
        print(`✗ the run: ${error}`);
        results.failures.push({ title: 'the run', error });
        save();
        process.exit(1);
      };
      setTimeout(giveUp, END_PATIENCE_MS).unref();
    });
  }
}

/** Enough to see why: an assertion's difference is below its first line. */
function oneLine(text) {
  return text.replace(/\s*\n\s*/g, ' ').slice(0, 300);
}

function describe(error) {
  if (!(error instanceof Error) && !error?.stack) return String(error?.message ?? error);
  const compared =
    error.showDiff !== false && error.expected !== undefined
      ? `\nexpected: ${JSON.stringify(error.expected)}\nactual:   ${JSON.stringify(error.actual)}`
      : '';
  return `${error.stack}${compared}`.slice(0, 4000);
}

module.exports = Reporter;
