/** A lint rule can stop working without a word: a pattern that no longer matches reports nothing. So each rule is shown a sinner. */
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

let eslint: ESLint;

beforeAll(() => {
	// The files are virtual, so the rules that need types are left out.
	eslint = new ESLint({
		ruleFilter: ({ ruleId }) => untyped.has(ruleId),
		overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
	});
});

const untyped = new Set([
	'no-console',
	'no-restricted-exports',
	'no-restricted-imports',
	'no-restricted-properties',
	'no-restricted-syntax',
	'svelte/no-at-html-tags',
	'@typescript-eslint/consistent-type-assertions',
	'@typescript-eslint/no-explicit-any',
]);

async function rulesBroken(filePath: string, code: string): Promise<(string | null)[]> {
	const [result] = await eslint.lintText(code, { filePath });
	const fatal = result?.messages.find((message) => message.fatal);
	if (fatal !== undefined) throw new Error(fatal.message);
	return (result?.messages ?? []).map((message) => message.ruleId);
}

/** Every direction that the house allows; each pair that is not here must be refused. */
const allowed: Record<string, string[]> = {
	'core/x.ts': [],
	'pixels/x.ts': ['core'],
	'losses/x.ts': ['core'],
	'metrics/x.ts': ['core', 'pixels'],
	'samples/x.ts': ['core'],
	'stats/x.ts': ['core'],
	'doctor/x.ts': ['core', 'pixels'],
	'importers/x.ts': ['core', 'pixels'],
	'storage/x.ts': ['core'],
	'engine/x.ts': ['core', 'pixels', 'losses', 'metrics'],
	'engine/kernels/x.ts': ['core', 'pixels', 'losses', 'metrics'],
	'engine/kernels/load-node.ts': ['core', 'pixels', 'losses', 'metrics'],
	'worker/client.ts': ['core', 'importers'],
	'worker/train.worker.ts': ['core', 'importers', 'engine', 'storage'],
	'state/x.svelte.ts': ['core', 'pixels', 'losses', 'metrics', 'samples', 'stats', 'doctor', 'importers', 'storage', 'worker'],
	'ui/X.svelte': ['core', 'pixels', 'losses', 'metrics', 'samples', 'stats', 'doctor'],
	'ui/charts/X.svelte': ['core', 'pixels', 'losses', 'metrics', 'samples', 'stats', 'doctor'],
	'../routes/+page.svelte': ['core', 'pixels', 'losses', 'metrics', 'samples', 'stats', 'doctor', 'state', 'ui'],
	'../../cli/x.ts': ['core', 'pixels', 'losses', 'metrics', 'samples', 'stats', 'doctor', 'importers', 'engine'],
};
const rooms = [
	'core',
	'pixels',
	'losses',
	'metrics',
	'samples',
	'stats',
	'doctor',
	'importers',
	'storage',
	'engine',
	'worker',
	'state',
	'ui',
];

const inScript = (file: string, code: string) => (file.endsWith('.svelte') ? `<script lang="ts">\n${code}\n</script>` : code);

/** Which of the rooms a file may not import from, statically and dynamically. */
async function refused(file: string, statement: (room: string) => string): Promise<string[]> {
	const broken = await Promise.all(rooms.map((room) => rulesBroken(`src/lib/${file}`, inScript(file, statement(room)))));
	return rooms.filter((_, index) => broken[index]!.length > 0);
}

describe('imports point down', () => {
	for (const [file, sees] of Object.entries(allowed)) {
		const own = file.split('/')[0]!;
		const expected = rooms.filter((room) => room !== own && !sees.includes(room));

		it(`${file} sees ${sees.join(', ') || 'no other room'}`, async () => {
			expect(await refused(file, (room) => `import { x } from '#lib/${room}/x.ts';\nx();`)).toEqual(expected);
			expect(await refused(file, (room) => `await import('#lib/${room}/x.ts');`)).toEqual(expected);
			expect(await refused(file, (room) => `import type { X } from '#lib/${room}/x.ts';\nexport const x: X[] = [];`)).toEqual(expected);
		});
	}

	it('does not let a relative path or $lib go around them', async () => {
		expect(await rulesBroken('src/lib/core/x.ts', "import { x } from '../engine/x.ts';\nx();")).toEqual(['no-restricted-imports']);
		expect(await rulesBroken('src/lib/ui/charts/x.ts', "import { x } from '../../state/x.ts';\nx();")).toEqual(['no-restricted-imports']);
		expect(await rulesBroken('src/routes/a/x.ts', "import { x } from '../../lib/engine/x.ts';\nx();")).toEqual(['no-restricted-imports']);
		expect(await rulesBroken('src/lib/ui/x.ts', "import { x } from '$lib/engine/x.ts';\nx();")).toContain('no-restricted-imports');
		expect(await rulesBroken('src/lib/losses/x.test.ts', "import { x } from '../engine/x.ts';\nx();")).toEqual(['no-restricted-imports']);
	});

	it('lets a file import its neighbours, and a folder within a room its parent', async () => {
		expect(await rulesBroken('src/lib/engine/x.ts', "import { x } from './y.ts';\nx();")).toEqual([]);
		expect(await rulesBroken('src/lib/engine/kernels/x.ts', "import { x } from '../backend.ts';\nx();")).toEqual([]);
	});

	it('refuses a dynamic import whose target cannot be read', async () => {
		expect(await rulesBroken('src/lib/core/x.ts', 'export const load = (path: string) => import(path);')).toEqual(['no-restricted-syntax']);
	});
});

describe('each package has its room', () => {
	const homes: [string, string[]][] = [
		['@tensorflow/tfjs-core', ['engine/x.ts', 'engine/kernels/load-node.ts']],
		['@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url', ['engine/x.ts', 'engine/kernels/load-node.ts']],
		['idb', ['storage/x.ts']],
		['comlink', ['worker/client.ts', 'worker/train.worker.ts']],
		['svelte', ['state/x.svelte.ts', 'ui/x.ts', '../routes/x.ts']],
		['svelte/reactivity', ['state/x.svelte.ts', 'ui/x.ts', '../routes/x.ts']],
		['$app/state', ['../routes/x.ts']],
		['uplot', ['ui/x.ts']],
		['node:fs', ['../../cli/x.ts', 'engine/kernels/load-node.ts']],
		['@zip.js/zip.js/lib/zip-core-native.js', ['importers/x.ts', 'storage/x.ts', 'engine/x.ts']],
		['idb-keyval', []],
		['left-pad', []],
	];
	const files = [...Object.keys(allowed).filter((file) => file.endsWith('.ts')), 'ui/x.ts', '../routes/x.ts'];

	for (const [name, expected] of homes) {
		it(`${name} is imported by ${expected.join(', ') || 'nobody'}`, async () => {
			const statements = [`import * as x from '${name}';\nx;`, `await import('${name}');`];
			for (const statement of statements) {
				const broken = await Promise.all(files.map((file) => rulesBroken(`src/lib/${file}`, statement)));
				const users = files.filter((_, index) => broken[index]!.length === 0 && files[index] !== 'engine/kernels/x.ts');
				expect(users.sort()).toEqual([...expected].sort());
			}
		});
	}

	it('losses import types of tfjs and nothing that runs; tests import what they like', async () => {
		expect(
			await rulesBroken('src/lib/losses/x.ts', "import type * as tf from '@tensorflow/tfjs-core';\nexport type T = typeof tf;"),
		).toEqual([]);
		expect(
			await rulesBroken('src/lib/losses/x.ts', "import type { Tensor } from '@tensorflow/tfjs-core';\nexport type T = Tensor;"),
		).toEqual([]);
		expect(await rulesBroken('src/lib/losses/x.test.ts', "import * as tf from '@tensorflow/tfjs-core';\ntf;")).toEqual([]);
		expect(
			await rulesBroken('src/lib/metrics/x.ts', "import type { Tensor } from '@tensorflow/tfjs-core';\nexport type T = Tensor;"),
		).toEqual(['no-restricted-imports']);
	});
});

describe('what nobody writes', () => {
	const sins: [string, string, string, string][] = [
		['Math.random below ui', 'src/lib/core/x.ts', 'export const x = Math.random();', 'no-restricted-properties'],
		['Math.random taken apart', 'src/lib/engine/x.ts', 'export const { random } = Math;', 'no-restricted-properties'],
		['Math.random in a test', 'src/lib/core/x.test.ts', 'export const x = Math.random();', 'no-restricted-properties'],
		['{@html}', 'src/lib/ui/X.svelte', '{@html "<b>"}', 'svelte/no-at-html-tags'],
		['innerHTML', 'src/lib/ui/x.ts', 'document.body.innerHTML = "";', 'no-restricted-properties'],
		['innerHTML by name', 'src/lib/state/x.ts', 'document.body["innerHTML"] = "";', 'no-restricted-properties'],
		[
			'innerHTML in a component',
			'src/lib/ui/X.svelte',
			'<script lang="ts">document.body.innerHTML = "";</script>',
			'no-restricted-properties',
		],
		[
			'innerHTML by binding',
			'src/lib/ui/X.svelte',
			'<script lang="ts">let x = $state("");</script>\n<p contenteditable bind:innerHTML={x}></p>',
			'no-restricted-syntax',
		],
		['any', 'src/lib/core/x.ts', 'export let x: any;', '@typescript-eslint/no-explicit-any'],
		['as', 'src/lib/core/x.ts', 'export const x = 1 as number;', '@typescript-eslint/consistent-type-assertions'],
		[
			'as in a component',
			'src/lib/ui/X.svelte',
			'<script lang="ts">export const x = 1 as number;</script>',
			'@typescript-eslint/consistent-type-assertions',
		],
		['angle brackets', 'src/lib/core/x.ts', 'export const x = <number>1;', '@typescript-eslint/consistent-type-assertions'],
		['! on a value', 'src/lib/core/x.ts', 'export const f = (x?: number) => x!;', 'no-restricted-syntax'],
		['a default export', 'src/lib/core/x.ts', 'export default 1;', 'no-restricted-exports'],
		["a worker of one's own", 'src/lib/state/x.ts', 'new Worker("x.js");', 'no-restricted-syntax'],
		['a worker by constructor', 'src/lib/worker/client.ts', "import W from './train.worker.ts?worker';\nnew W();", 'no-restricted-imports'],
		['console.log', 'src/lib/engine/x.ts', 'console.log(1);', 'no-console'],
	];
	for (const [name, file, code, rule] of sins) {
		it(`refuses ${name}`, async () => {
			expect(await rulesBroken(file, code)).toContain(rule);
		});
	}

	const fine: [string, string, string][] = [
		['as const', 'src/lib/core/x.ts', 'export const x = [1] as const;'],
		['! on an array in bounds', 'src/lib/core/x.ts', 'export const f = (x: number[]) => x[0]!;'],
		['as and any in wire.ts', 'src/lib/worker/wire.ts', 'export const f = (x: any) => x as number;'],
		['as and any in tests', 'src/lib/core/x.test.ts', 'export const f = (x: any) => x as number;'],
		['Math.random in ui', 'src/lib/ui/x.ts', 'export const x = Math.random();'],
		['the one place that starts workers', 'src/lib/worker/start-worker.ts', 'export const worker = new Worker("x.js");'],
		['the address of a worker', 'src/lib/worker/client.ts', "import url from './train.worker.ts?worker&url';\nexport const x = url;"],
	];
	for (const [name, file, code] of fine) {
		it(`allows ${name}`, async () => {
			expect(await rulesBroken(file, code)).toEqual([]);
		});
	}
});
