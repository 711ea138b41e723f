/** One training step of a run from the images to the gradient, in numbers, without its update. */
import { AppError } from '#lib/core/errors.ts';
import type { LossChoice } from '#lib/core/loss-choice.ts';
import type { LossGraph } from '#lib/core/loss-graph.ts';
import type { BatchRequest, BatchSteps, StepStats } from '#lib/core/loss-steps.ts';
import type { Records } from '#lib/core/records.ts';
import type { ExperimentRecord } from '#lib/core/run.ts';
import { GraphError } from '#lib/graphs/shapes.ts';
import { graphOfLoss } from '#lib/losses/graph-of-loss.ts';
import { graphFor } from '#lib/losses/own-loss.ts';
import { resolveLoss } from '#lib/losses/resolve.ts';
import { BatchSource } from './batches.ts';
import { unpackTensors } from './checkpoint.ts';
import type { ExperimentData } from './experiment-data.ts';
import { activate } from './forward.ts';
import { graphSteps, statsOf } from './graph-steps.ts';
import { RunNet } from './run-net.ts';
import type { StepInput } from './run-loss.ts';
import { disposeBatch, toBatch } from './targets.ts';
import type { Tensor } from './tensor-types.ts';
import { asTensor4D } from './tensors.ts';
import { tf } from './tf.ts';

/** A run as a checkpoint left it. The caller disposes it. */
async function restored(records: Records, experiment: ExperimentRecord, data: ExperimentData, request: BatchRequest, totalSteps: number) {
	const { experimentId, runId, which } = request;
	const run = experiment.runs.find(({ id }) => id === runId);
	const choice = experiment.spec.losses.find(({ key }) => key === run?.lossKey);
	const stored = await records.getCheckpoint(experimentId, runId, which === 'last' ? 'latest' : 'best');
	if (!run || !choice || !stored) throw new AppError('checkpoint-missing', { run: runId });
	const net = new RunNet(experiment.spec, choice, run.seed, { outputs: data.outputs, totalSteps, facts: data.facts });
	unpackTensors(stored.manifest.tensors, stored.bytes, net.variables());
	if (stored.manifest.lossState) net.loss.state = stored.manifest.lossState;
	return { net, choice, epoch: stored.manifest.epoch };
}

/** The loss as operations, at this moment of the run. Throws a `GraphError` where it is none. */
function graphOf(choice: LossChoice, data: ExperimentData, net: RunNet, { yTrue, progress }: StepInput): LossGraph {
	if (choice.own) return graphFor(choice.own, yTrue.shape[0]);
	const loss = resolveLoss(choice);
	if (!loss) throw new AppError('spec-invalid', { loss: choice.loss });
	return graphOfLoss(loss, choice.values, yTrue.shape, data.facts, { state: net.loss.state, progress });
}

async function operationsOf(choice: LossChoice, data: ExperimentData, net: RunNet, input: StepInput) {
	try {
		return { steps: await graphSteps(graphOf(choice, data, net, input), net.loss.whole(input)), reason: '' };
	} catch (error) {
		if (!(error instanceof GraphError)) throw error;
		return { steps: [], reason: error.message };
	}
}

async function stats(name: string, tensor: Tensor): Promise<StepStats> {
	return statsOf({ op: 'input', name, line: 0, shape: tensor.shape }, await tensor.data());
}

/**
 * As in training: the same crops, augmentation, dropout and batch statistics.
 * Throws `checkpoint-missing` before the run's first checkpoint, and a `RangeError` for a batch that the run does not have.
 */
export async function takeApart(
	records: Records,
	experiment: ExperimentRecord,
	data: ExperimentData,
	request: BatchRequest,
): Promise<BatchSteps> {
	const seed = experiment.runs.find(({ id }) => id === request.runId)?.seed ?? 0;
	const batches = new BatchSource(data.training, experiment.spec, seed);
	const totalSteps = batches.stepsPerEpoch * experiment.spec.training.epochs;
	if (request.batch < 0 || request.batch >= totalSteps) throw new RangeError(`the run has no batch ${request.batch}`);
	const { net: run, choice, epoch } = await restored(records, experiment, data, request, totalSteps);
	using net = run;
	const batch = toBatch(batches.pairs(request.batch), data.outputs, net.targetNames, data.maps);
	for (const layer of net.net.dropout) layer.draw(seed, request.batch);
	const progress = net.progress(request.batch);
	const [logits, yPred, loss, slopes] = tf.tidy(() => {
		const z = asTensor4D(net.net.logits.apply(batch.x, { training: true }));
		const { value, grad } = tf.valueAndGrad((at) => {
			const seen = asTensor4D(at);
			return net.loss.compute({ ...batch, logits: seen, yPred: activate(seen), progress });
		})(z);
		return [z, activate(z), value, grad] as const;
	});
	const { steps, reason } = await operationsOf(choice, data, net, { ...batch, logits, yPred, progress });
	const all = [
		await stats('image', batch.x),
		await stats('logits', logits),
		await stats('probabilities', yPred),
		...steps,
		await stats('loss', loss),
		await stats('∂loss/∂logits', slopes),
	];
	disposeBatch(batch);
	tf.dispose([logits, yPred, loss, slopes]);
	const sampleIds = batches.indices(request.batch).map((index) => experiment.split.train[index] ?? '');
	return { sampleIds, epoch, steps: all, reason };
}
