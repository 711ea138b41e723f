/** One step of the optimizer over all variables, several to a dispatch; the contract stands in `register.ts`. */
import type { tf } from '../../tf.ts';
import { input, numberAttribute } from '../attributes.ts';
import { recorderOf, type GpuRecorder } from './recorder.ts';
import { entry, flatGroup, lanes, repeat, spread } from './wgsl.ts';

/** In the order of `setting` in the program; four to a vector. */
const numberNames = ['learningRate', 'l2', 'momentum', 'beta1', 'rest1', 'beta2', 'rest2', 'rho', 'restRho', 'epsilon', 'clipNorm', 'rate', 'root', 'decay'] as const; // prettier-ignore

/** The new value of a variable and its slots, from `variable`, `first`, `second` and `gradient`. Formulas: `optimizer.ts`. */
const rules: Readonly<Record<string, { readonly slots: 1 | 2; readonly code: string }>> = {
	sgd: {
		slots: 1,
		code: `let velocity = first * momentum + gradient;
		store(velocity, 0.0, variable - velocity * learningRate);`,
	},
	rmsprop: {
		slots: 2,
		code: `let square = first * rho + gradient * gradient * restRho;
		let velocity = second * momentum + gradient * learningRate / (sqrt(square) + epsilon);
		store(square, velocity, variable - velocity);`,
	},
	adam: {
		slots: 2,
		code: `let mean = first * beta1 + gradient * rest1;
		let square = second * beta2 + gradient * gradient * rest2;
		store(mean, square, variable * decay - mean * rate / (sqrt(square) / root + epsilon));`,
	},
};

function settingOf(attrs: tf.NamedAttrMap): Float32Array<ArrayBuffer> {
	const of = (name: string): number => numberAttribute(attrs, name, 0);
	const [learningRate, weightDecay, step] = [of('learningRate'), of('weightDecay'), of('step')];
	const [beta1, beta2, rho] = [of('beta1'), of('beta2'), of('rho')];
	const decoupled = attrs['kind'] === 'adamw';
	const numbers: Record<(typeof numberNames)[number], number> = {
		learningRate,
		l2: decoupled ? 0 : weightDecay,
		momentum: of('momentum'),
		beta1,
		rest1: 1 - beta1,
		beta2,
		rest2: 1 - beta2,
		rho,
		restRho: 1 - rho,
		epsilon: of('epsilon'),
		clipNorm: of('clipNorm'),
		rate: learningRate / (1 - beta1 ** step),
		root: Math.sqrt(1 - beta2 ** step),
		decay: decoupled ? 1 - learningRate * weightDecay : 1,
	};
	const setting = new Float32Array(16);
	numberNames.forEach((name, index) => (setting[index] = numbers[name]));
	return setting;
}

/** Bindings: setting, norm if `clips`, and for each of `count` variables itself, its slots and its gradient. */
function updateCode(kind: string, count: number, clips: boolean): string {
	const rule = rules[kind];
	if (!rule) throw new RangeError('There is no such optimizer.');
	let binding = clips ? 2 : 1;
	const names = rule.slots === 2 ? ['variable', 'first', 'second'] : ['variable', 'first'];
	const one = (index: number): string => `
${names.map((name) => `@group(0) @binding(${binding++}) var<storage, read_write> ${name}${index}: array<f32>;`).join('\n')}
@group(0) @binding(${binding++}) var<storage, read> gradient${index}: array<f32>;
fn update${index}(at: i32) {
	let variable = variable${index}[at];
	let first = first${index}[at];
	let second = ${rule.slots === 2 ? `second${index}[at]` : '0.0'};
	${numberNames.map((name, number) => `let ${name} = setting[${Math.floor(number / 4)}][${number % 4}];`).join('\n\t')}
	// min(1, clip / norm); the norm is kept from 0 so that a zero gradient stays zero.
	let factor = ${clips ? 'min(1.0, clipNorm / max(norm[0], 1e-12))' : '1.0'};
	let gradient = gradient${index}[at] * factor + variable * l2;
	${rule.code.replace(/store\((.+?), (.+?), (.+)\);/, `first${index}[at] = $1; ${rule.slots === 2 ? `second${index}[at] = $2;` : ''} variable${index}[at] = $3;`)}
}`;
	return `@group(0) @binding(0) var<uniform> setting: array<vec4<f32>, 4>;
${clips ? '@group(0) @binding(1) var<storage, read> norm: array<f32>;' : ''}
${repeat(count, one)}
${entry()} {
	var at = ${flatGroup} * ${lanes} + i32(lane);
	${repeat(count, (index) => `if (at < i32(arrayLength(&variable${index}))) { update${index}(at); return; } at -= i32(arrayLength(&variable${index}));`)}
}`;
}

/** The variables of one dispatch, with what belongs to each. */
function recordSome(
	recorder: GpuRecorder,
	kind: string,
	setting: GPUBuffer,
	norm: readonly tf.TensorInfo[],
	variables: readonly (readonly tf.TensorInfo[])[],
): void {
	const size = variables.reduce((sum, [variable]) => sum + (variable?.shape.reduce((product, side) => product * side, 1) ?? 0), 0);
	const [count, clips] = [variables.length, norm.length > 0];
	const key = `update ${kind},${count},${clips}`;
	recorder.run(key, () => updateCode(kind, count, clips), [setting, ...norm, ...variables.flat()], spread(Math.ceil(size / lanes)));
}

/** OverlapUpdate. */
export function update(): tf.KernelFunc {
	return ({ inputs, backend, attrs = {} }) => {
		const recorder = recorderOf(backend);
		const given = attrs['kind'];
		const kind = given === 'adamw' ? 'adam' : typeof given === 'string' ? given : 'unnamed';
		const norm = inputs['norm'] && numberAttribute(attrs, 'clipNorm') > 0 ? [inputs['norm']] : [];
		const variables = Array.from({ length: numberAttribute(attrs, 'count') }, (_, index) => {
			const second = inputs[`second${index}`];
			const changed = [input(inputs, `variable${index}`), input(inputs, `first${index}`), ...(second ? [second] : [])];
			for (const info of changed) recorder.overwrite(info);
			return [...changed, input(inputs, `gradient${index}`)];
		});
		const perDispatch = Math.floor((recorder.limits.maxStorageBuffersPerShaderStage - norm.length) / (variables[0]?.length ?? 4));
		const setting = recorder.uniform(settingOf(attrs));
		for (let first = 0; first < variables.length; first += perDispatch) {
			recordSome(recorder, kind, setting, norm, variables.slice(first, first + perDispatch));
		}
		// The next step overwrites the setting.
		recorder.submit();
		return [];
	};
}
