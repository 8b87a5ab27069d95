// The last line of a test run, readable by people and by programs: how many passed and failed, and which were skipped.

module.exports = class Summary {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap(({ testResults }) =>
      testResults.filter(({ status }) => status === "pending").map(({ fullName }) => fullName),
    );
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.once("exit", () => {
      for (const name of skipped) console.log(`skipped: ${name}`);
      console.log(`\n${results.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
    });
  }
};
