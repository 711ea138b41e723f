import adapter from '@sveltejs/adapter-static';

/** The content security policy of every page; the reason for each part is in docs/decisions/0003-content-security-policy.md. */
const directives = {
	'default-src': ['none'],
	'script-src': ['self', 'wasm-unsafe-eval', 'blob:'],
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

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: adapter({ pages: 'build', assets: 'build', strict: true }),
		paths: { relative: true },
		csp: { mode: 'hash', directives },
	},
	compilerOptions: { runes: true },
};
