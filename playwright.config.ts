import { defineConfig, devices } from '@playwright/test';
import { chromiumLaunch } from './scripts/chromium.mjs';

/** Journeys through the built app (`npm run build` first). `e2e/fixtures.ts` serves it, on a free port. */
export default defineConfig({
	testDir: 'e2e',
	testMatch: '**/*.test.ts',
	outputDir: 'test-results/e2e',
	forbidOnly: process.env.CI !== undefined,
	workers: 2,
	timeout: 60_000,
	expect: { timeout: 15_000 },
	projects: [
		{
			name: 'chromium',
			use: {
				...devices['Desktop Chrome'],
				viewport: { width: 1280, height: 720 },
				// Storing the whole app anew in each test takes a second; the tests of what it is for allow it.
				serviceWorkers: 'block',
				launchOptions: chromiumLaunch(),
				screenshot: 'only-on-failure',
			},
		},
	],
});
