import { expect, it } from 'vitest';
import { startModuleWorker } from './start-worker.ts';

function script(text: string): string {
	return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
}

function answer(worker: Worker): Promise<unknown> {
	return new Promise((resolve, reject) => {
		worker.onmessage = ({ data }) => resolve(data);
		worker.onerror = ({ message }) => reject(new Error(message));
	});
}

it('starts a module worker that hears what was sent before its script had loaded', async () => {
	const worker = startModuleWorker(script('onmessage = ({ data }) => postMessage(data + name);'), 'echo');
	worker.postMessage('from ');
	expect(await answer(worker)).toBe('from echo');
	worker.terminate();
});

it('starts more than one worker a page, although a policy name can be taken once', async () => {
	const workers = [1, 2].map((number) => startModuleWorker(script(`postMessage(${number});`)));
	expect(await Promise.all(workers.map(answer))).toEqual([1, 2]);
	for (const worker of workers) worker.terminate();
});

it('tells of a script that fails', async () => {
	const worker = startModuleWorker(script('throw new Error("no good");'));
	await expect(answer(worker)).rejects.toThrow('no good');
	worker.terminate();
});

it('refuses a script of another origin', () => {
	expect(() => startModuleWorker('https://example.org/worker.js')).toThrow(TypeError);
	expect(() => startModuleWorker('data:text/javascript,postMessage(1)')).toThrow(TypeError);
});
