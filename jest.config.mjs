// Two kinds of tests: those that need no privileges, and those that run the built executable.

const common = {
  testEnvironment: 'node',
  // What jest wraps around globals between files recurses without end in execa's exit handlers.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^sampan:system$': '<rootDir>/test/engine/system.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

const systemSuites = ['e2e', 'clients', 'vm'];
const folders = systemSuites.map((suite) => `<rootDir>/test/${suite}/`);

export default {
  reporters: ['default', '<rootDir>/scripts/skip-reporter.mjs'],
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/build/', ...folders],
    },
    ...systemSuites.map((suite) => ({
      ...common,
      displayName: suite,
      testMatch: [`<rootDir>/test/${suite}/**/*.test.ts`],
    })),
  ],
};
