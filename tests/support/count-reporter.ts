// Ends a test run with one plain line that counts the tests.
import type { Reporter, TestModule } from 'vitest/node';

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counted = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      // A file that could not even be loaded has no tests to count, and has failed.
      if (module.errors().length > 0) counted.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' || state === 'failed') counted[state] += 1;
        else counted.skipped += 1;
      }
    }
    const { passed, failed, skipped } = counted;
    // On the next turn, so that it stands below what the other reporters say.
    process.once('exit', () => {
      process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }
}
