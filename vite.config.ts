import { sveltekit } from '@sveltejs/kit/vite';
import { tracerPlugin } from './scripts/tracer-plugin.mjs';
import { defineConfig } from 'vite';

export default defineConfig({
	plugins: [tracerPlugin(), sveltekit()],
	worker: { format: 'es' },
	build: {
		target: 'es2022',
		// A small file written into the code as `data:` could not be fetched under the content security policy.
		assetsInlineLimit: 0,
		rolldownOptions: { checks: { bundlerTimings: false } },
	},
});
