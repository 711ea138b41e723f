/** What was measured, in words: lines for the terminal and the table in `bench/results/gpu.md`. */
import { names } from './takers.mjs';

/**
 * @typedef {Partial<import('../webgpu/steps.ts').GpuStepTimes> & { failed?: string, version?: string }} Step a failure, or what this taker tells
 * @typedef {Record<string, Step>} Times by name of who took the step
 * @typedef {import('../webgpu/layers.ts').LayerSpeeds} Layers
 * @typedef {{ machine: string, software: boolean, protocol: import('../webgpu/stepper.ts').Protocol, nets: Record<string, Times>,
 *   layers: Layers | { failed: string } | null }} Result
 */

/** By more than this, as a share, losses of the same net from the same weights do not differ while rounding errors have not yet grown. */
const sameLoss = 1e-3;
const stepsOfSameLoss = 5;

const ms = (/** @type {number | null | undefined} */ value) => (value == null ? '–' : value >= 100 ? value.toFixed(0) : value.toFixed(2));

/** @param {number | undefined} over @param {number | undefined} under */
const ratio = (over, under) => (over && under ? over / under : null);

/** Three digits. @param {number | null} value */
const digits = (value) => (value === null ? '–' : Number(value.toPrecision(3)).toString());

/** How far losses lie from ours at most, as a share of ours. @param {Times} times @param {string} who @param {number} [steps] the first only */
function lossDistance(times, who, steps) {
	const [own, others] = [times[names.ours]?.losses, times[who]?.losses];
	if (!own || !others) return null;
	return Math.max(...own.slice(0, steps).map((loss, step) => Math.abs((others[step] ?? NaN) / loss - 1)));
}

/** @param {Times} times @param {string} who */
function isOtherNet(times, who) {
	const distance = lossDistance(times, who, stepsOfSameLoss);
	return distance !== null && !(distance <= sameLoss);
}

/** Whether the host or the GPU sets the pace of a step. @param {Step} step */
function pace({ hostMs, gpuMs }) {
	if (hostMs == null || gpuMs == null) return '';
	return hostMs > gpuMs ? 'the host sets the pace' : 'the GPU sets the pace';
}

/** @param {string} net @param {string} who @param {Times} times */
export function stepLine(net, who, times) {
	const step = times[who] ?? {};
	if (step.failed) return `${net}, ${who}: not measured: ${step.failed}`;
	const parts = [
		`${ms(step.msPerStep)} ms a step`,
		...(step.hostMs == null ? [] : [`host ${ms(step.hostMs)} ms`]),
		...(step.gpuMs == null ? [] : [`GPU ${ms(step.gpuMs)} ms (${pace(step)})`]),
		...(step.eachReadMs == null ? [] : [`${ms(step.eachReadMs)} ms when each step is read back`]),
		...(step.counts ? [`${step.counts.dispatches} dispatches`, `${Math.round((step.bufferBytes ?? NaN) / 1e6)} MB of buffers`] : []),
	];
	const distance = lossDistance(times, who);
	if (who !== names.ours && distance !== null) parts.push(`losses within ${(100 * distance).toPrecision(2)} % of ours`);
	if (isOtherNet(times, who)) parts.push('NOT THE SAME NET: its first losses differ');
	return `${net}, ${who}: ${parts.join(', ')}`;
}

/** The longest kernels of a step. @param {string} net @param {string} who @param {Step} step */
export function profileLines(net, who, { kernels = [] }) {
	const sum = kernels.reduce((all, kernel) => all + kernel.ms, 0);
	const shown = kernels.slice(0, 8);
	if (shown.length === 0) return [];
	return [
		`${net}, ${who}: ${ms(sum)} ms of GPU a step with a pass for each kernel, of which`,
		...shown.map(
			({ kernel, calls, ms: time }) => `  ${((100 * time) / sum).toFixed(1).padStart(5)} %  ${calls} × ${kernel}, ${ms(time)} ms`,
		),
	];
}

/** @param {Layers} layers */
export function layerTable({ clock, rows }) {
	const cells = rows.map(({ layer, kernel, ours, stock, tuned }) => {
		const speeds = [ours, stock, tuned].map((speed) => speed?.gigaflops.toPrecision(3) ?? '–');
		return `| ${[layer, kernel, ...speeds, (stock.ms / ours.ms).toPrecision(3), ms(ours.ms), ms(stock.ms), `${ours.runs}, ${stock.runs}`].join(' | ')} |`;
	});
	return [
		`Convolutions of B alone, GFLOP/s by ${clock}, median of the runs.`,
		'',
		'| layer | kernel | ours, GFLOP/s | stock | stock, tuned flags | ours / stock | ours, ms | stock | runs |',
		'| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
		...cells,
	];
}

/** What the targets of B are measured by. @param {Result} result */
export function verdicts({ nets, software }) {
	const times = nets['B'];
	if (!times) return ['B: not measured'];
	const note = software ? ['The software adapter trains tiny nets, so these numbers say nothing about a GPU:'] : [];
	const ours = times[names.ours] ?? {};
	/** @param {string} who @param {string} words */
	const faster = (who, words) => {
		const factor = ratio(times[who]?.msPerStep, ours.msPerStep);
		return factor === null ? `B: ours beside ${words}: not measured` : `B: ours is ${digits(factor)} × as fast as ${words}`;
	};
	const share =
		ours.hostMs && ours.msPerStep ? `${((100 * ours.hostMs) / ours.msPerStep).toFixed(0)} % of the time of a step` : 'not measured';
	const slower = ratio(ours.msPerStep, times[names.eager]?.msPerStep);
	return [
		...note,
		`B: recording is ${share}; ${pace(ours) || 'without timestamps it is open what sets the pace'}`,
		faster(names.jax, 'jax-js'),
		faster(names.stock, 'stock in a loop that reads nothing back'),
		faster(names.tunedFit, 'stock fit with tuned flags'),
		`${faster(names.fit, 'stock fit')} (wanted: 10)`,
		slower === null
			? 'B: ours beside PyTorch eager fp32: not measured (wanted: at most 1.5)'
			: `B: ours takes ${digits(slower)} × the time of PyTorch eager fp32 (wanted: at most 1.5)`,
	];
}

/** @param {Result} result */
function stepTable({ nets }) {
	const rows = Object.entries(nets).flatMap(([net, times]) =>
		Object.entries(times).map(([who, step]) => {
			if (step.failed) return `| ${net} | ${who} | not measured: ${step.failed} | | | | | | |`;
			const against = digits(ratio(step.msPerStep, times[names.ours]?.msPerStep));
			const distance = lossDistance(times, who);
			const cells = [ms(step.msPerStep), against, ms(step.hostMs), ms(step.gpuMs), ms(step.eachReadMs), step.counts?.dispatches ?? '–'];
			return `| ${[net, who, ...cells, distance === null ? '–' : distance.toPrecision(2) + (isOtherNet(times, who) ? ', NOT THE SAME NET' : '')].join(' | ')} |`;
		}),
	);
	return [
		'| net | by | ms a step | / ours | host | GPU | read each step | dispatches | losses off |',
		'| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
		...rows,
	];
}

/** The report as a page. @param {Result} result */
export function markdown(result) {
	const { machine, protocol, nets, layers } = result;
	const versions = [...new Set(Object.values(nets).flatMap((times) => Object.values(times).flatMap(({ version }) => version ?? [])))];
	return `# Training on a GPU

Printed by \`npm run bench:gpu\` on ${[machine, ...versions].join('; ')}.

The nets are those of \`bench/nets.mjs\`, batch 4, with cross-entropy and Adam, all from the same weights on the same images. ${protocol.warm} steps
warm up, then up to ${protocol.rounds} rounds of ${protocol.steps} steps are timed, in the median; a further round begins within ${protocol.mostMs / 1000} s only. Steps are read back every
quarter of a second, as in the app (PyTorch: once a round). “Host” is what recording takes of a step, “GPU” the time in which the GPU computes, by
timestamps around its passes. “Losses off” is how far the losses of the first ${protocol.warm} steps lie from ours at most, as a share. Every row had a process of its own.

${stepTable(result).join('\n')}

${verdicts(result)
	.map((line) => `- ${line}`)
	.join('\n')}
${layers && 'rows' in layers ? `\n${layerTable(layers).join('\n')}\n` : ''}`;
}
