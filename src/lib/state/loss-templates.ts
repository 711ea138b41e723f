/** Loss code to begin with. */

export interface LossTemplate {
	readonly name: string;
	readonly code: string;
}

/** The first is what a new loss is. */
export const lossTemplates: readonly [LossTemplate, ...LossTemplate[]] = [
	{
		name: 'Dice, as a function',
		code: `// yTrue and yPred have the shape [batch, height, width, channels].
// yPred holds probabilities. What you return is minimised.
(yTrue, yPred) => {
	const smooth = 1;
	const overlap = tf.sum(tf.mul(yTrue, yPred));
	const sizes = tf.add(tf.sum(yTrue), tf.sum(yPred));
	return tf.sub(1, overlap.mul(2).add(smooth).div(sizes.add(smooth)));
}
`,
	},
	{
		name: 'Dice, as a class',
		code: `// Parameters of the constructor become sliders.
class MyDice extends Loss {
	constructor({ smooth = 1 /* 0 … 10 */, squared = false } = {}) {
		super();
		this.smooth = smooth;
		this.squared = squared;
	}

	call(yTrue, yPred) {
		const size = (x) => tf.sum(this.squared ? x.square() : x);
		const overlap = tf.sum(yTrue.mul(yPred));
		const dice = overlap.mul(2).add(this.smooth).div(size(yTrue).add(size(yPred)).add(this.smooth));
		return tf.sub(1, dice);
	}
}
`,
	},
	{
		name: 'Huber',
		code: `// One value a pixel is averaged; ignored pixels are left out.
class Huber extends Loss {
	constructor({ delta = 0.5 /* 0.01 … 1 */ } = {}) {
		super();
		this.delta = delta;
	}

	call(yTrue, yPred) {
		const error = yTrue.sub(yPred).abs();
		const near = error.square().mul(0.5);
		const far = error.mul(this.delta).sub(0.5 * this.delta ** 2);
		return tf.where(error.less(this.delta), near, far);
	}
}
`,
	},
	{
		name: 'Focal Tversky',
		code: `class FocalTversky extends Loss {
	constructor({ alpha = 0.3 /* 0 … 1 */, beta = 0.7 /* 0 … 1 */, gamma = 0.75 /* 0.1 … 3 */, smooth = 1 /* 0 … 10 */ } = {}) {
		super();
		Object.assign(this, { alpha, beta, gamma, smooth });
	}

	call(yTrue, yPred) {
		const hit = tf.sum(yTrue.mul(yPred));
		const falseAlarm = tf.sum(yPred.mul(tf.sub(1, yTrue)));
		const missed = tf.sum(yTrue.mul(tf.sub(1, yPred)));
		const all = hit.add(falseAlarm.mul(this.alpha)).add(missed.mul(this.beta)).add(this.smooth);
		const tversky = hit.add(this.smooth).div(all);
		// The small number keeps the slope of the power finite at a perfect prediction.
		return tf.sub(1 + 1e-6, tversky).pow(this.gamma);
	}
}
`,
	},
	{
		name: 'Dice, then boundary',
		code: `// Built-in losses are called by their names; progress goes from 0 to 1 over the run.
(yTrue, yPred, { progress }) => {
	const dice = losses.dice(yTrue, yPred);
	const boundary = losses.boundary(yTrue, yPred, { companion: 'none' });
	return dice.mul(tf.sub(1, progress)).add(boundary.mul(progress));
}
`,
	},
	{
		name: 'A learned weight',
		code: `// e^(-s)·L + s: the weight of each term is trained along with the net (Kendall et al. 2018).
class LearnedSum extends Loss {
	constructor() {
		super();
		this.s = this.addWeight({ name: 's', initial: 0 });
		this.t = this.addWeight({ name: 't', initial: 0 });
	}

	call(yTrue, yPred, { logits }) {
		const crossEntropy = tf.softplus(logits).sub(logits.mul(yTrue)).mean();
		const dice = losses.dice(yTrue, yPred);
		const weighed = (loss, s) => s.neg().exp().mul(loss).add(s);
		return weighed(crossEntropy, this.s).add(weighed(dice, this.t));
	}
}
`,
	},
];
