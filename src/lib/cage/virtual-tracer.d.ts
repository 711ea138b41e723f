/** The bundled text of `tracer.ts`; see `scripts/tracer-plugin.mjs`. */
declare module 'virtual:tracer' {
	export const tracerText: string;
}
