/** The libraries that are part of the built app, from their own package metadata. `licences.test.ts` keeps the list true. */

export interface Library {
	/** As on npm. */
	readonly name: string;
	/** SPDX expression. */
	readonly licence: string;
	readonly does: string;
	readonly link: string;
}

const codeMirror = 'https://codemirror.net';
const tfjs = 'https://github.com/tensorflow/tfjs';

export const libraries: readonly Library[] = [
	{ name: '@codemirror/autocomplete', licence: 'MIT', does: 'suggestions while writing a loss', link: codeMirror },
	{ name: '@codemirror/commands', licence: 'MIT', does: 'keys of the editor', link: codeMirror },
	{ name: '@codemirror/lang-javascript', licence: 'MIT', does: 'JavaScript in the editor', link: codeMirror },
	{ name: '@codemirror/language', licence: 'MIT', does: 'grammar and colours in the editor', link: codeMirror },
	{ name: '@codemirror/lint', licence: 'MIT', does: 'marks at wrong lines', link: codeMirror },
	{ name: '@codemirror/state', licence: 'MIT', does: 'text of the editor', link: codeMirror },
	{ name: '@codemirror/view', licence: 'MIT', does: 'the editor on the screen', link: codeMirror },
	{ name: '@lezer/highlight', licence: 'MIT', does: 'colours of code', link: 'https://lezer.codemirror.net' },
	{ name: '@lezer/javascript', licence: 'MIT', does: 'reading loss code without running it', link: 'https://lezer.codemirror.net' },
	{ name: '@sveltejs/kit', licence: 'MIT', does: 'pages and build', link: 'https://svelte.dev' },
	{ name: '@tensorflow/tfjs-backend-cpu', licence: 'Apache-2.0', does: 'tensors in plain JavaScript', link: tfjs },
	{ name: '@tensorflow/tfjs-backend-wasm', licence: 'Apache-2.0', does: 'tensors on the processor', link: tfjs },
	{ name: '@tensorflow/tfjs-backend-webgl', licence: 'Apache-2.0', does: 'tensors on older graphics', link: tfjs },
	{ name: '@tensorflow/tfjs-backend-webgpu', licence: 'Apache-2.0', does: 'tensors on the graphics card', link: tfjs },
	{ name: '@tensorflow/tfjs-core', licence: 'Apache-2.0', does: 'tensors and gradients', link: tfjs },
	{ name: '@tensorflow/tfjs-layers', licence: 'Apache-2.0 AND MIT', does: 'layers and model files', link: tfjs },
	{ name: '@zip.js/zip.js', licence: 'BSD-3-Clause', does: 'zip archives', link: 'https://gildas-lormeau.github.io/zip.js' },
	{ name: 'comlink', licence: 'Apache-2.0', does: 'calls into workers', link: 'https://github.com/GoogleChromeLabs/comlink' },
	{ name: 'fflate', licence: 'MIT', does: 'deflate in PNG files', link: 'https://101arrowz.github.io/fflate' },
	{ name: 'idb', licence: 'ISC', does: 'the browser’s database', link: 'https://github.com/jakearchibald/idb' },
	{ name: 'svelte', licence: 'MIT', does: 'what is on the screen', link: 'https://svelte.dev' },
	{ name: 'uplot', licence: 'MIT', does: 'charts', link: 'https://github.com/leeoniya/uPlot' },
	{ name: 'valibot', licence: 'MIT', does: 'checks of what is read', link: 'https://valibot.dev' },
];
