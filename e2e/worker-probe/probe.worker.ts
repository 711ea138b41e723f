/** Tries everything by which a worker could send data away or run text, and tells which of it worked. */
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

type Attempt = () => unknown;

async function outcome(attempt: Attempt): Promise<string> {
	try {
		await attempt();
		return 'worked';
	} catch {
		return 'refused';
	}
}

function opened(target: EventTarget, event: string): Promise<void> {
	return new Promise((resolve, reject) => {
		target.addEventListener(event, () => resolve(), { once: true });
		target.addEventListener('error', () => reject(new Error('refused')), { once: true });
	});
}

function request(address: string): Promise<void> {
	const xhr = new XMLHttpRequest();
	xhr.open('GET', address);
	const done = opened(xhr, 'load');
	xhr.send();
	return done;
}

function forbidden(stranger: string): Record<string, Attempt> {
	return {
		fetch: () => fetch(stranger),
		xhr: () => request(stranger),
		webSocket: () => opened(new WebSocket(stranger.replace('http', 'ws')), 'open'),
		eventSource: () => opened(new EventSource(stranger), 'open'),
		import: () => import(/* @vite-ignore */ `${stranger}script.js`),
		nestedWorker: () => opened(new Worker(`${stranger}script.js`, { type: 'module' }), 'message'),
		eval: () => (0, eval)('1'),
		newFunction: () => new Function('return 1')(),
		timerText: () => setTimeout('1'),
	};
}

const needed: Record<string, Attempt> = {
	ownFile: async () => {
		if (!(await fetch(wasm)).ok) throw new Error('not found');
	},
	webAssembly: async () => WebAssembly.compileStreaming(fetch(wasm)),
	lazyChunk: () => import('./lazy.ts'),
};

async function probe(stranger: string): Promise<void> {
	const results: Record<string, string> = {};
	for (const [name, attempt] of Object.entries({ ...forbidden(stranger), ...needed })) results[name] = await outcome(attempt);
	postMessage({ ...results, gpu: 'gpu' in navigator, isolated: crossOriginIsolated });
}

addEventListener('message', ({ data }) => void probe(data.stranger));
