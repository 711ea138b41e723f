import { playwright } from '@vitest/browser-playwright';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { chromiumLaunch } from './scripts/chromium.mjs';

export default defineConfig({
	test: {
		projects: [
			{
				// tfjs' gradients exist only as ES modules without file extensions, which Node alone cannot import.
				ssr: { resolve: { mainFields: ['module', 'main'] } },
				resolve: { mainFields: ['module', 'main'] },
				test: {
					name: 'node',
					environment: 'node',
					server: { deps: { inline: [/@tensorflow/u] } },
					include: ['src/**/*.test.ts', 'cli/**/*.test.ts', 'scripts/**/*.test.ts'],
					exclude: ['**/*.browser.test.ts'],
				},
			},
			{
				plugins: [svelte()],
				test: {
					name: 'browser',
					include: ['src/**/*.browser.test.ts'],
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({ launchOptions: await chromiumLaunch() }),
						instances: [{ browser: 'chromium' }],
					},
				},
			},
		],
	},
});
