/** The net of `engine/unet.ts` as a list of what is done to the image, for those who write it in another language. */
import type { NetSpec } from '#lib/core/experiment.ts';

export type NetStep =
	/** 3×3, the size stays → norm → ReLU. Its norm is called `<name>_norm`. A bias wherever there is no batch norm. */
	| {
			readonly kind: 'convolution';
			readonly name: string;
			readonly from: number;
			readonly to: number;
			readonly norm: NetSpec['norm'];
	  }
	/** Remembers what is there for the way up. */
	| { readonly kind: 'keep'; readonly level: number }
	/** 2×2, the largest. */
	| { readonly kind: 'pool' }
	| { readonly kind: 'drop'; readonly rate: number }
	/** To twice the side, each pixel four times. */
	| { readonly kind: 'repeat' }
	/** To twice the side by a transposed 2×2 convolution. */
	| { readonly kind: 'transposed'; readonly name: string; readonly from: number; readonly to: number }
	/** What was kept, then what comes up, along the channels. */
	| { readonly kind: 'join'; readonly level: number }
	/** 1×1, to logits. */
	| { readonly kind: 'head'; readonly from: number; readonly to: number };

function level(name: string, from: number, to: number, norm: NetSpec['norm']): NetStep[] {
	return [from, to].map((inputs, index) => ({ kind: 'convolution', name: `${name}_conv${index}`, from: inputs, to, norm }));
}

function up(kind: NetSpec['up'], name: string, from: number, to: number): NetStep[] {
	switch (kind) {
		case 'transposed':
			return [{ kind: 'transposed', name, from, to }];
		case 'nearest':
			return [{ kind: 'repeat' }];
		case 'nearest-conv':
			return [{ kind: 'repeat' }, { kind: 'convolution', name: `${name}_conv`, from, to, norm: 'none' }];
		default:
			return kind satisfies never;
	}
}

/** The steps in their order, from `inputs` channels to `outputs`. */
export function netPlan(spec: NetSpec, inputs: number, outputs: number): NetStep[] {
	const { depth, norm, dropout } = spec;
	const filters = (at: number): number => spec.base * 2 ** at;
	const steps: NetStep[] = [];
	for (let at = 0; at < depth; at++) {
		steps.push(...level(`down${at}`, at === 0 ? inputs : filters(at - 1), filters(at), norm));
		steps.push({ kind: 'keep', level: at }, { kind: 'pool' });
	}
	steps.push(...level('bottom', filters(depth - 1), filters(depth), norm));
	if (dropout > 0) steps.push({ kind: 'drop', rate: dropout });
	for (let at = depth - 1; at >= 0; at--) {
		const below = spec.up === 'nearest' ? filters(at + 1) : filters(at);
		steps.push(...up(spec.up, `up${at}`, filters(at + 1), filters(at)), { kind: 'join', level: at });
		steps.push(...level(`up${at}`, filters(at) + below, filters(at), norm));
	}
	return [...steps, { kind: 'head', from: spec.base, to: outputs }];
}
