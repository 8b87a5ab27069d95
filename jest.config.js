export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/tools/strip-types.cjs" },
  coverageProvider: "v8",
  collectCoverageFrom: ["src/**/*.ts", "adapters/**/*.ts", "workers/**/*.ts"],
  reporters: [["default", { summaryThreshold: 0 }], "<rootDir>/tools/jest-summary.cjs"],
  // Longer than the patience of test/fakes/wait.ts, so that a test that waits in vain says what it waited for.
  testTimeout: 300_000,
  // Jest leaves a core idle; journeys mostly wait for processes of their own.
  maxWorkers: 2,
};
