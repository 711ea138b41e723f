import { execFileSync } from 'node:child_process';
import staticAdapter from '@sveltejs/adapter-static';
import { sealServiceWorker } from './scripts/precache.mjs';

/**
 * The content security policy of every page; the reason for each part is in docs/decisions/0003-content-security-policy.md.
 *
 * @type {NonNullable<NonNullable<NonNullable<import('@sveltejs/kit').Config['kit']>['csp']>['directives']>}
 */
const directives = {
	'default-src': ['none'],
	'script-src': ['self', 'wasm-unsafe-eval'],
	'style-src': ['self'],
	'style-src-attr': ['unsafe-inline'],
	'img-src': ['self', 'blob:', 'data:'],
	'font-src': ['self'],
	'connect-src': ['self'],
	'worker-src': ['self', 'blob:'],
	'frame-src': ['self'],
	'manifest-src': ['self'],
	'object-src': ['none'],
	'base-uri': ['none'],
	'form-action': ['none'],
	'require-trusted-types-for': ['script'],
	'trusted-types': ['svelte-trusted-html', 'sveltekit-trusted-url', 'app-worker'],
};

const site = staticAdapter({ pages: 'build', assets: 'build', strict: true });

/**
 * `BASE_PATH` is only for the 404 page, which is served at any depth; everything else works under any path as it is.
 *
 * @type {'' | `/${string}`}
 */
const base = process.env.BASE_PATH ? `/${process.env.BASE_PATH.replaceAll(/^\/+|\/+$/g, '')}` : '';

/** Two builds of one commit are the same bytes, so the version is the commit and not the time. */
function version() {
	try {
		return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
	} catch {
		return 'unversioned';
	}
}

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: {
			name: 'static site with a sealed service worker',
			async adapt(builder) {
				await site.adapt(builder);
				await sealServiceWorker('build');
			},
		},
		paths: { base, relative: true },
		csp: { mode: 'hash', directives },
		version: { name: version() },
		// In development a cached file would hide a change.
		serviceWorker: { register: process.env.NODE_ENV !== 'development' },
	},
	compilerOptions: { runes: true },
};
