/** What does not fit into WebAssembly's memory or a GPU's buffers, said before it starts, or as the failure it is. */
import { AppError } from '#lib/core/errors.ts';
import { inputChannels, type ExperimentSpec } from '#lib/core/experiment.ts';
import { netCost } from '#lib/core/net-cost.ts';
import type { StartedBackend } from './backend.ts';

/** All that 32-bit addresses reach, for everything in one worker. */
const wasmLimitBytes = 2 ** 32;

/**
 * Throws `out-of-memory` if the runs of one worker cannot fit. Their steps are taken in turn, so that activations count once.
 * @param outputs channels of the logits
 */
function checkMemory(spec: ExperimentSpec, outputs: number, runs: number): void {
	const { memoryBytes, parameters } = netCost(spec.net, spec.prepare.size, inputChannels(spec.prepare), outputs, spec.training.batchSize);
	// Weights and two slots of every further run.
	const neededBytes = memoryBytes + Math.max(0, runs - 1) * parameters * 3 * 4;
	if (neededBytes > wasmLimitBytes) throw new AppError('out-of-memory', { neededBytes, limitBytes: wasmLimitBytes });
}

/**
 * Throws `out-of-memory` if a tensor of the net is larger than a buffer may be: WebGPU would go on with a wrong result.
 * @param outputs channels of the logits
 */
export function checkBuffers(spec: ExperimentSpec, outputs: number, limitBytes: number): void {
	const { prepare, training } = spec;
	const { largestTensorBytes } = netCost(spec.net, prepare.size, inputChannels(prepare), outputs, training.batchSize);
	if (largestTensorBytes > limitBytes)
		throw new AppError('out-of-memory', { neededBytes: largestTensorBytes, bufferLimitBytes: limitBytes });
}

/** Throws `out-of-memory` if the runs of one worker cannot be trained on its backend. */
export function checkFits({ report, largestBufferBytes }: StartedBackend, spec: ExperimentSpec, outputs: number, runs: number): void {
	if (report.name === 'wasm') checkMemory(spec, outputs, runs);
	if (largestBufferBytes !== null) checkBuffers(spec, outputs, largestBufferBytes);
}

/** An allocation that TensorFlow.js' module aborts on, as `out-of-memory`; its memory is of no use afterwards. Rethrows all else. */
export function memoryFailure(error: unknown): never {
	if (error instanceof WebAssembly.RuntimeError && error.message.startsWith('Aborted')) {
		throw new AppError('out-of-memory', { limitBytes: wasmLimitBytes }, { cause: error });
	}
	throw error;
}
