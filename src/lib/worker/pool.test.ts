import { expect, it } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { defaultSpec } from '#lib/core/experiment.ts';
import type { BackendName } from '#lib/core/run.ts';
import type { Speed, SpeedRequest } from '#lib/core/speed.ts';
import { TrainerPool, type DisposableTrainer } from './pool.ts';

const losses = ['a', 'b', 'c'].map((key) => ({ key, label: key, loss: 'dice', values: {}, learningRateFactor: 1 }));
const request: SpeedRequest = { spec: { ...defaultSpec, losses }, outputs: 1, backend: 'auto', forMs: 10 };

/** A pool of trainers that only measure: the first says the first of these speeds, and so on. */
function poolOf(backend: BackendName, cores: number, answers: readonly (Speed | AppError)[]) {
	const asked: string[] = [];
	const ended: number[] = [];
	let made = 0;
	const create = (): DisposableTrainer => {
		const place = made++;
		const trainer: Pick<DisposableTrainer, 'start' | 'measure' | typeof Symbol.dispose> = {
			start: () => Promise.resolve({ name: backend, device: '', reason: '' }),
			measure: ({ spec, backend: on }) => {
				asked.push(`${place} on ${on}: ${spec.losses.map(({ key }) => key).join(' ')}`);
				const answer = answers[place];
				return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer!);
			},
			[Symbol.dispose]: () => void ended.push(place),
		};
		return trainer as DisposableTrainer;
	};
	return { pool: new TrainerPool({ create, cores }), asked, ended };
}

const quick: Speed = { stepMs: 10, squareMs: 9, megapixelMs: 1, saveMs: 5 };
const slow: Speed = { stepMs: 20, squareMs: 3, megapixelMs: 2, saveMs: 4 };

it('measures with the workers and shares of losses that training would have, and goes by the slowest', async () => {
	const { pool, asked, ended } = poolOf('wasm', 2, [quick, slow]);
	expect(await pool.measure(request)).toEqual({ stepMs: 20, squareMs: 9, megapixelMs: 2, saveMs: 5 });
	expect(asked).toEqual(['0 on wasm: a c', '1 on wasm: b']);
	// The first stays for predictions.
	expect(ended).toEqual([1]);
});

it('measures all losses in one worker on a GPU', async () => {
	const { pool, asked, ended } = poolOf('webgpu', 8, [quick]);
	expect(await pool.measure(request)).toEqual(quick);
	expect(asked).toEqual(['0 on webgpu: a b c']);
	expect(ended).toEqual([]);
});

it('ends the workers that it made also when one of them fails', async () => {
	const { pool, ended } = poolOf('wasm', 3, [quick, new AppError('out-of-memory'), quick]);
	await expect(pool.measure(request)).rejects.toMatchObject({ code: 'out-of-memory' });
	expect(ended).toEqual([1, 2]);
});
