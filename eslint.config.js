// Lint: types are used, promises are awaited, time and the environment are read in one place.
import js from '@eslint/js';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

/** The clock and the environment have one door each; everybody else is handed what it needs. */
const doors = [
  { object: 'Date', property: 'now', message: 'Take `now` as an argument, or be handed a clock.' },
  { object: 'performance', property: 'now', message: 'Be handed a clock.' },
  { object: 'process', property: 'env', message: 'Read it in config.ts only.' },
  { object: 'Math', property: 'random', message: 'Be handed a source of chance.' },
];
const timers = ['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
  name,
  message: 'Be handed a clock.',
}));

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'data/', 'client/lib/words/compiled/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.svelte', '**/*.svelte.ts'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: true }],
    },
  },
  svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser }, globals: globals.browser },
  },
  { files: ['client/**'], languageOptions: { globals: globals.browser } },
  { files: ['scripts/**', '*.config.*'], languageOptions: { globals: globals.node } },
  {
    files: ['server/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...doors],
      'no-restricted-globals': ['error', ...timers],
    },
  },
  {
    files: ['server/clock.ts', 'server/config.ts', 'server/main.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-globals': 'off' },
  },
  {
    files: ['tests/**'],
    rules: { '@typescript-eslint/no-floating-promises': 'error' },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [ts.configs.disableTypeChecked] },
);
