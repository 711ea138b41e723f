import { expect, test } from 'vitest';
import { holdProjectLock, requestTakeOver, waitForLock } from './project-lock.ts';

const never = new AbortController().signal;
let names = 0;
const newName = (): string => `test-${Date.now()}-${++names}`;

test('the first takes the lock and the second is told at once that it is taken', async () => {
	const name = newName();
	const first = await holdProjectLock(name);
	const second = await holdProjectLock(name);
	expect([first.held, second.held]).toEqual([true, false]);
	second.release();
	expect((await holdProjectLock(name)).held).toBe(false);
	first.release();
});

test('whoever waits gets the lock when it is released, and not before', async () => {
	const name = newName();
	const events: string[] = [];
	const first = await holdProjectLock(name);
	const waiting = waitForLock(name, never).then((lock) => {
		events.push('second holds');
		return lock;
	});
	await navigator.locks.query();
	events.push('first releases');
	first.release();
	first.release();
	const second = await waiting;
	expect(second.held).toBe(true);
	expect(events).toEqual(['first releases', 'second holds']);
	second.release();
});

test('waiting ends with the reason of its signal', async () => {
	const name = newName();
	const first = await holdProjectLock(name);
	const controller = new AbortController();
	const waiting = waitForLock(name, controller.signal);
	controller.abort(new Error('The page was left.'));
	await expect(waiting).rejects.toThrow('The page was left.');
	first.release();
});

test('a tab that closes frees its lock', async () => {
	const name = newName();
	const frame = document.createElement('iframe');
	document.body.append(frame);
	const locks = frame.contentWindow?.navigator.locks;
	await new Promise<void>((held) => {
		// Rejects when the frame goes, which is the point.
		locks?.request(`overlap-lock:${name}`, () => (held(), new Promise(() => undefined))).catch(() => undefined);
	});
	expect((await holdProjectLock(name)).held).toBe(false);
	const waiting = waitForLock(name, never);
	frame.remove();
	expect((await waiting).held).toBe(true);
	(await waiting).release();
});

test('a take-over asks the holder, who pauses and then lets go', async () => {
	const name = newName();
	const events: string[] = [];
	const first = await holdProjectLock(name, {
		onTakeOverRequest() {
			events.push('first pauses');
			first.release();
		},
	});
	requestTakeOver(name);
	const second = await waitForLock(name, never);
	events.push('second holds');
	expect(events).toEqual(['first pauses', 'second holds']);
	second.release();
});
