import { availableParallelism } from 'node:os';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { softwareEnvironment } from './bench/gpu/webgpu.mjs';
import { chromiumLaunch } from './scripts/chromium.mjs';
import { tracerPlugin } from './scripts/tracer-plugin.mjs';

const browserDependencies = [
	'@tensorflow/tfjs-backend-cpu',
	'@tensorflow/tfjs-backend-wasm',
	'@tensorflow/tfjs-backend-webgl',
	'@tensorflow/tfjs-backend-webgpu',
	'@tensorflow/tfjs-core',
	'@tensorflow/tfjs-layers',
	'@zip.js/zip.js',
	'@zip.js/zip.js/lib/zip-core-reader.js',
	'axe-core',
	'fflate',
	'idb',
	'uplot',
	'valibot',
];

// The loader of a test's process reads these before the process can set them itself.
Object.assign(process.env, softwareEnvironment());

/** A hang must end; a slow machine must not fail. */
const testTimeout = 30_000;

/** Rooms without state of their own: their tests share what a process has loaded, which saves loading TensorFlow.js a hundred times. */
const pureTests = 'src/lib/{core,doctor,graphs,importers,losses,metrics,pixels,stats,ui}/**/*.test.ts';
const notInNode = ['**/*.browser.test.ts', '**/node_modules/**'];

// State classes (`.svelte.ts`) are tested in Node as well.
const node = {
	plugins: [tracerPlugin(), svelte()],
	test: { testTimeout, environment: 'node', setupFiles: ['scripts/property-seed.ts'] },
};

export default defineConfig({
	test: {
		// As many as there are cores, the runner itself idles while they work.
		maxWorkers: availableParallelism(),
		projects: [
			{
				...node,
				test: { ...node.test, name: 'node-pure', isolate: false, include: [pureTests], exclude: notInNode },
			},
			{
				...node,
				test: {
					...node.test,
					name: 'node',
					include: ['{src,bench,scripts}/**/*.test.ts'],
					exclude: [pureTests, ...notInNode],
				},
			},
			{
				plugins: [tracerPlugin(), svelte()],
				// Bundled before the first test: a dependency found later would reload the page under a running test.
				optimizeDeps: { include: browserDependencies },
				server: { fs: { allow: ['.', process.env.OVERLAP_SHARED ?? '../shared'] } },
				test: {
					name: 'browser',
					testTimeout,
					include: ['src/**/*.browser.test.ts'],
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({ launchOptions: chromiumLaunch() }),
						instances: [{ browser: 'chromium' }],
					},
				},
			},
		],
	},
});
