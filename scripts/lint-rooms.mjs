/**
 * The rooms of `src/lib` and what each may import: the import directions of ARCHITECTURE.md as data.
 * Both lists are closed: a room or package that is not named is a lint error.
 *
 * @typedef {object} Room
 * @property {string[]} files which files the entry speaks for
 * @property {string[]} rooms rooms that they may import besides their own
 * @property {string[]} packages packages that they may import, with everything below them
 * @property {string[]} [typePackages] packages of which they may import types only
 */

/** Rooms of pure functions: everything above the seam may use them. */
const pure = ['core', 'graphs', 'pixels', 'losses', 'metrics', 'samples', 'stats', 'doctor'];

const names = [...pure, 'cage', 'importers', 'storage', 'engine', 'worker', 'state', 'ui'];

/** @type {Record<string, Room>} */
export const rooms = {
	core: { files: ['src/lib/core/**'], rooms: [], packages: ['valibot'] },
	pixels: { files: ['src/lib/pixels/**'], rooms: ['core'], packages: [] },
	graphs: { files: ['src/lib/graphs/**'], rooms: ['core'], packages: [], typePackages: ['@tensorflow'] },
	// The page's side of where a person's code runs.
	cage: { files: ['src/lib/cage/**'], rooms: ['core', 'graphs'], packages: ['@lezer', 'valibot', 'virtual:'] },
	losses: { files: ['src/lib/losses/**'], rooms: ['core', 'graphs'], packages: [], typePackages: ['@tensorflow'] },
	metrics: { files: ['src/lib/metrics/**'], rooms: ['core', 'pixels'], packages: [] },
	samples: { files: ['src/lib/samples/**'], rooms: ['core'], packages: [] },
	stats: { files: ['src/lib/stats/**'], rooms: ['core'], packages: [] },
	doctor: { files: ['src/lib/doctor/**'], rooms: ['core', 'pixels'], packages: [] },
	importers: { files: ['src/lib/importers/**'], rooms: ['core', 'pixels'], packages: ['@zip.js/zip.js', 'fflate', 'valibot'] },
	storage: { files: ['src/lib/storage/**'], rooms: ['core'], packages: ['@zip.js/zip.js', 'fflate', 'idb', 'valibot'] },
	engine: {
		files: ['src/lib/engine/**'],
		rooms: ['core', 'graphs', 'losses', 'metrics', 'pixels'],
		packages: ['@tensorflow', '@zip.js/zip.js', 'fflate', 'valibot'],
	},
	// What the engine needs of Node when it runs without a browser. Stands after `engine`, whose entry it widens.
	'engine in Node': {
		files: ['src/lib/engine/**/*-node.ts'],
		rooms: ['core', 'graphs', 'losses', 'metrics', 'pixels'],
		packages: ['@tensorflow', 'node:'],
	},
	// The page's side of the seam. It must never pull tfjs into the page.
	worker: { files: ['src/lib/worker/**'], rooms: ['core', 'importers'], packages: ['comlink'] },
	// The worker's side of the seam. Stands after `worker`, whose entry it narrows.
	'worker entry': { files: ['src/lib/worker/*.worker.ts'], rooms: ['core', 'importers', 'engine', 'storage'], packages: ['comlink'] },
	state: { files: ['src/lib/state/**'], rooms: [...pure, 'cage', 'importers', 'storage', 'worker'], packages: ['svelte', 'valibot'] },
	ui: { files: ['src/lib/ui/**'], rooms: pure, packages: ['svelte', 'uplot', '@codemirror', '@lezer'] },
	routes: { files: ['src/routes/**'], rooms: [...pure, 'state', 'ui'], packages: ['svelte', '$app'] },
	cli: { files: ['cli/**'], rooms: [...pure, 'importers', 'engine'], packages: ['node:'] },
};

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** @param {string[]} packages */
const alternatives = (packages) => packages.map((name) => (name.endsWith(':') ? name : `${escaped(name)}(?:/|$)`)).join('|');

/**
 * What files of a room may not import, as patterns of `no-restricted-imports`.
 *
 * @param {string} name key of `rooms`
 */
export function restrictedImports(name) {
	const room = rooms[name];
	if (room === undefined) throw new Error(`no room is called ${name}`);
	const own = name.split(' ').slice(0, 1);
	const seen = [...own, ...room.rooms];
	const bare = '(?![.#/])';
	const typePackages = room.typePackages ?? [];
	const packages = [...room.packages, ...typePackages];
	return [
		{
			regex: `^#lib/(?!(?:${seen.join('|')})/)`,
			message: `'${name}' may import only from ${seen.join(', ')}: see ARCHITECTURE.md.`,
		},
		{
			regex: `^${bare}${packages.length === 0 ? '' : `(?!${alternatives(packages)})`}`,
			message: `'${name}' may use ${packages.length === 0 ? 'no package' : `only ${packages.join(', ')}`}: see ARCHITECTURE.md.`,
		},
		...(typePackages.length === 0
			? []
			: [
					{
						regex: `^(?:${alternatives(typePackages)})`,
						allowTypeImports: true,
						message: `'${name}' may import types only: it receives the rest as an argument.`,
					},
				]),
		...everywhere,
	];
}

/** Holds in every room and in tests as well. */
export const everywhere = [
	{
		regex: `^(?:\\.{1,2}/)+(?:src|lib|routes|${names.join('|')})/`,
		message: 'Another room is imported as #lib/room/file.ts, a neighbour as ./file.ts.',
	},
	{ regex: '^\\$lib', message: 'Use #lib/room/file.ts.' },
	{
		regex: '\\?worker(?!&url)',
		message: "Import the worker's address (?worker&url) and hand it to startModuleWorker, so that the page's policy covers it.",
	},
];
