import { expect, it, vi } from 'vitest';
import { AppUpdate } from './app-update.svelte.ts';

class FakeWorker extends EventTarget {
	state = 'installing';
	postMessage = vi.fn<(message: unknown) => void>();

	become(state: string): void {
		this.state = state;
		this.dispatchEvent(new Event('statechange'));
	}
}

class FakeRegistration extends EventTarget {
	installing: FakeWorker | null = null;
	waiting: FakeWorker | null = null;

	/** What the browser does when it finds other bytes at the worker's address. */
	find(): FakeWorker {
		this.installing = new FakeWorker();
		this.dispatchEvent(new Event('updatefound'));
		return this.installing;
	}
}

async function watched(prepare: (registration: FakeRegistration) => void = () => undefined) {
	const registration = new FakeRegistration();
	prepare(registration);
	const container = Object.assign(new EventTarget(), { ready: Promise.resolve(registration) });
	const reload = vi.fn();
	const update = new AppUpdate(container as unknown as ServiceWorkerContainer, reload);
	await update.watch();
	return { registration, container, reload, update };
}

it('knows no update at first', async () => {
	const { update } = await watched();
	expect(update.available).toBe(false);
});

it('tells of a version that waited since an earlier visit', async () => {
	const { update } = await watched((registration) => (registration.waiting = new FakeWorker()));
	expect(update.available).toBe(true);
});

it('tells of a new version when it is installed whole, not before', async () => {
	const { registration, update } = await watched();
	const worker = registration.find();
	expect(update.available).toBe(false);
	worker.become('installed');
	expect(update.available).toBe(true);
});

it('tells of a version whose installation began before it watched', async () => {
	const { registration, update } = await watched((it) => it.find());
	registration.installing?.become('installed');
	expect(update.available).toBe(true);
});

it('does not tell of a version that could not be installed', async () => {
	const { registration, update } = await watched();
	registration.find().become('redundant');
	expect(update.available).toBe(false);
});

it('starts the waiting version when the person says so, and reloads once it rules', async () => {
	const { registration, container, reload, update } = await watched();
	const worker = registration.find();
	worker.become('installed');

	update.apply();
	expect(worker.postMessage).toHaveBeenCalledExactlyOnceWith({ type: 'activate' });
	expect(reload).not.toHaveBeenCalled();

	worker.become('activating');
	expect(update.available).toBe(false);
	container.dispatchEvent(new Event('controllerchange'));
	expect(reload).toHaveBeenCalledOnce();
});

it('never changes versions during a run, and can afterwards', async () => {
	const { registration, update } = await watched();
	const worker = registration.find();
	worker.become('installed');
	update.blocked = true;
	update.apply();
	expect(worker.postMessage).not.toHaveBeenCalled();

	update.blocked = false;
	update.apply();
	expect(worker.postMessage).toHaveBeenCalledOnce();
});

it('does not reload a page that did not ask, when another tab changes the version', async () => {
	const { registration, container, reload, update } = await watched();
	const worker = registration.find();
	worker.become('installed');
	worker.become('activating');
	container.dispatchEvent(new Event('controllerchange'));
	expect(reload).not.toHaveBeenCalled();
	expect(update.available).toBe(false);
});
