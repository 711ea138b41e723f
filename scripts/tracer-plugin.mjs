/** The tracer of loss code as text: what the cage's worker begins with. One script without imports, because nothing can be fetched there. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const name = 'virtual:tracer';
const resolved = `\0${name}`;
const entry = fileURLToPath(new URL('../src/lib/cage/tracer.ts', import.meta.url));

/** @returns {import('vite').Plugin} */
export function tracerPlugin() {
	return {
		name: 'tracer as text',
		resolveId: (id) => (id === name ? resolved : null),
		async load(id) {
			if (id !== resolved) return null;
			const result = await build({
				configFile: false,
				logLevel: 'warn',
				publicDir: false,
				build: { target: 'es2022', write: false, lib: { entry, formats: ['iife'], name: 'overlapTracer' } },
			});
			const output = Array.isArray(result) ? result[0] : result;
			if (output === undefined || !('output' in output)) throw new Error('The tracer was not built.');
			return `export const tracerText = ${JSON.stringify(output.output[0].code.trim())};`;
		},
	};
}
