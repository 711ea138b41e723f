import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';
import { everywhere, restrictedImports, rooms } from './scripts/lint-rooms.mjs';
import svelteConfig from './svelte.config.js';

const tests = ['**/*.test.ts', '**/testing.ts', '**/testing/**', 'e2e/**'];

/** Never written in the product, whatever the room. */
const bannedSyntax = [
	{
		selector: 'TSNonNullExpression > :not(MemberExpression[computed=true])',
		message: 'Only an array access that is in bounds may carry `!`.',
	},
	{
		selector: 'NewExpression[callee.name=/^(Shared)?Worker$/]',
		message: "Start a worker with startModuleWorker, so that the page's policy covers it.",
	},
	{ selector: "SvelteDirective[kind='Binding'][key.name.name=/^(innerHTML|textContent)$/]", message: 'Markup never comes from data.' },
	{
		selector: "ImportExpression[source.type!='Literal']",
		message: 'A dynamic import names its module, so that its direction can be checked.',
	},
];

const bannedProperties = [
	...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc', 'setHTMLUnsafe', 'parseHTMLUnsafe'].map((property) => ({
		property,
		message: 'Markup never comes from data.',
	})),
	{ object: 'document', property: 'write', message: 'Markup never comes from data.' },
];

const mathRandom = { object: 'Math', property: 'random', message: 'Numbers come from core/random.ts, so that a run can be repeated.' };

/**
 * @param {string} name
 * @returns {import('eslint').Linter.Config}
 */
function roomBlock(name) {
	const patterns = restrictedImports(name);
	const dynamic = patterns.map(({ regex, message }) => ({
		selector: `ImportExpression[source.value=/${regex.replaceAll('/', '\\u002F')}/]`,
		message,
	}));
	return {
		name: `overlap/${name}`,
		files: rooms[name]?.files ?? [],
		ignores: tests,
		rules: {
			'no-restricted-imports': ['error', { patterns }],
			'no-restricted-syntax': ['error', ...bannedSyntax, ...dynamic],
		},
	};
}

export default defineConfig(
	{
		ignores: [
			'build/',
			'.svelte-kit/',
			'node_modules/',
			'demo/',
			'test-results/',
			'playwright-report/',
			'src/lib/engine/kernels/wasm/assembly/',
			'bench/results/',
			'bench/gpu/folder/',
		],
	},
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	js.configs.recommended,
	// Before the Svelte plugin's own entries, which put back the parser that `strict` replaces.
	{ files: ['**/*.svelte'], extends: [ts.configs.strict] },
	...svelte.configs.recommended,
	{
		files: ['**/*.ts', '**/*.js', '**/*.mjs'],
		extends: [ts.configs.strictTypeChecked],
		languageOptions: {
			globals: { ...globals.browser, ...globals.node },
			parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
			'@typescript-eslint/no-confusing-void-expression': 'off',
			// Replaced by a selector that lets `x[i]!` pass.
			'@typescript-eslint/no-non-null-assertion': 'off',
			// One interface has an implementation in process and one across a worker: the first need not await.
			'@typescript-eslint/require-await': 'off',
		},
	},
	{
		files: ['**/*.svelte'],
		languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser, svelteConfig } },
		// TypeScript itself checks the names.
		rules: { 'no-undef': 'off', 'svelte/no-at-html-tags': 'error', '@typescript-eslint/no-non-null-assertion': 'off' },
	},
	{
		files: ['**/*.ts', '**/*.svelte'],
		rules: {
			'no-undef': 'off',
			// Big lists are replaced whole ($state.raw); a Map that is filled and read in one function needs no reactivity.
			'svelte/prefer-svelte-reactivity': 'off',
			eqeqeq: 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
			'@typescript-eslint/no-meaningless-void-operator': 'off',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
			'@typescript-eslint/no-explicit-any': 'error',
			'no-restricted-imports': ['error', { patterns: everywhere }],
			'no-restricted-properties': ['error', ...bannedProperties],
			'no-restricted-syntax': ['error', ...bannedSyntax],
		},
	},
	{
		name: 'overlap/tfjs types its own tensors as Tensor<any>, and as present what may be missing',
		files: ['src/lib/engine/**'],
		rules: {
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
			'@typescript-eslint/no-unnecessary-condition': 'off',
		},
	},
	{ files: ['src/**'], ignores: tests, rules: { 'no-console': ['error', { allow: ['error', 'warn'] }] } },
	{
		files: ['src/lib/**/*.ts'],
		rules: {
			'no-restricted-exports': [
				'error',
				{ restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } },
			],
		},
	},
	{
		files: ['src/lib/**', 'cli/**'],
		ignores: ['src/lib/ui/**'],
		rules: { 'no-restricted-properties': ['error', ...bannedProperties, mathRandom] },
	},
	...Object.keys(rooms).map(roomBlock),
	{
		name: 'overlap/the only place that starts workers',
		files: ['src/lib/worker/start-worker.ts'],
		rules: { 'no-restricted-syntax': ['error', ...bannedSyntax.filter(({ selector }) => !selector.includes('Worker'))] },
	},
	{
		name: 'overlap/untyped until parsed: messages, answers in tests, JSON in scripts',
		files: ['src/lib/worker/wire.ts', ...tests, '**/*.js', '**/*.mjs'],
		rules: {
			'@typescript-eslint/consistent-type-assertions': 'off',
			'@typescript-eslint/no-explicit-any': 'off',
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
		},
	},
	{
		name: 'overlap/tests',
		files: tests,
		rules: {
			'no-restricted-syntax': 'off',
			'@typescript-eslint/unbound-method': 'off',
			'@typescript-eslint/no-misused-spread': 'off',
			// A fixture of Playwright names what it needs, even when that is nothing.
			'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
		},
	},
	{
		name: 'overlap/tries what must be refused',
		files: ['e2e/worker-probe/**'],
		rules: { '@typescript-eslint/no-implied-eval': 'off' },
	},
	{
		// The first has its own globals and its own type check (tsconfig.engine.json). The second imports AssemblyScript, whose
		// types change those of Array for every file that is checked with them.
		files: ['src/service-worker.ts', 'scripts/build-kernels.mjs'],
		extends: [ts.configs.disableTypeChecked],
		languageOptions: { parserOptions: { projectService: false } },
	},
);
