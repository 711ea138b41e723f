import { beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import type { Records } from '#lib/core/records.ts';
import { memoryRecords } from '#lib/storage/memory-records.ts';
import { Backend, type BackendChoice } from './backend.svelte.ts';

let records: Records;

beforeEach(() => {
	records = memoryRecords('');
});

/** A page on a machine that can start all but `missing`. */
function visit(missing: BackendChoice | null = null) {
	const trainer = {
		start: vi.fn(async (choice: BackendChoice) => {
			if (choice === missing) throw new AppError('backend-unavailable', { backend: choice });
			return { name: choice === 'auto' ? ('wasm' as const) : choice, device: 'SIMD', reason: '' };
		}),
		restart: vi.fn(),
	};
	const errors: unknown[] = [];
	return { trainer, errors, backend: new Backend({ records, trainer, onError: (error) => errors.push(error) }) };
}

/** As a page does before it shows anything, and then. */
async function open(backend: Backend): Promise<void> {
	await backend.load();
	await backend.open();
}

it('starts the best of the machine where nothing was chosen', async () => {
	const { backend, trainer } = visit();
	await open(backend);
	expect(trainer.start).toHaveBeenCalledExactlyOnceWith('auto');
	expect(backend.report?.name).toBe('wasm');
});

it('ends the workers before another choice starts, and starts it again at the next visit', async () => {
	const first = visit();
	await open(first.backend);
	await first.backend.choose('webgl');
	expect(first.trainer.restart).toHaveBeenCalledOnce();
	expect(first.backend.report?.name).toBe('webgl');

	const { backend, trainer } = visit();
	await open(backend);
	expect(trainer.start).toHaveBeenCalledExactlyOnceWith('webgl');
	expect(backend.choice).toBe('webgl');
});

it('says when what was chosen last starts no longer, goes on with the best, and keeps the choice', async () => {
	await visit().backend.choose('webgpu');
	const { backend, errors } = visit('webgpu');
	await open(backend);
	expect(errors).toMatchObject([{ code: 'backend-unavailable' }]);
	expect(backend.choice).toBe('auto');
	expect(backend.report?.name).toBe('wasm');
	expect(await records.getSetting('backend')).toBe('webgpu');
});

it('does not undo what is chosen while the last choice fails to start', async () => {
	await visit().backend.choose('webgpu');
	const { backend } = visit('webgpu');
	await backend.load();
	const opened = backend.open();
	await Promise.all([opened, backend.choose('cpu')]);
	expect(backend.choice).toBe('cpu');
	expect(backend.report?.name).toBe('cpu');
});

it('shows nothing as started when a choice does not start', async () => {
	const { backend, errors } = visit('webgpu');
	await open(backend);
	await backend.choose('webgpu');
	expect(errors).toMatchObject([{ code: 'backend-unavailable' }]);
	expect(backend.report).toBe(null);
});

it('goes on with the best where the settings cannot be read or written', async () => {
	const { backend, errors } = visit();
	records.getSetting = () => Promise.reject(new AppError('storage-full'));
	records.putSetting = () => Promise.reject(new AppError('storage-full'));
	await open(backend);
	expect(backend.report?.name).toBe('wasm');
	await backend.choose('cpu');
	expect(backend.report?.name).toBe('cpu');
	expect(errors).toMatchObject([{ code: 'storage-full' }, { code: 'storage-full' }]);
});
