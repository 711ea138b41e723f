import { describe, expect, it } from 'vitest';
import { GraphError } from './shapes.ts';
import { codeOf } from './testing.ts';
import { traceLoss } from './trace.ts';

const request = { shape: [2, 4, 5, 1] as const, values: {}, builtIns: { dice: ['smoothing'] } };

const trace = (body: string, change: Partial<typeof request> = {}) => traceLoss(codeOf(body), { ...request, ...change });
const ops = (body: string) => trace(body).graph.nodes.map(({ op }) => op);

describe('recording a loss', () => {
	it('writes down functions and chained methods alike', () => {
		const chained = trace('(y, p) => y.sub(p).square().mean()').graph;
		const nested = trace('(y, p) => tf.mean(tf.square(tf.sub(y, p)))').graph;
		expect(chained).toEqual(nested);
		expect(chained.nodes.map(({ op, shape }) => [op, shape])).toEqual([
			['input', [2, 4, 5, 1]],
			['input', [2, 4, 5, 1]],
			['sub', [2, 4, 5, 1]],
			['square', [2, 4, 5, 1]],
			['mean', []],
		]);
	});

	it('averages what is no scalar over the pixels that count, as Keras does', () => {
		expect(ops('(y, p) => y.sub(p).square()').slice(-5)).toEqual(['sum', 'sum', 'constant', 'mul', 'divNoNan']);
		expect(ops('(y, p) => y.sub(p).square().mean([1, 2, 3])').at(-1)).toBe('mean');
		expect(ops('class A extends Loss { reduction = "sum"; call(y, p) { return y.sub(p).square(); } }').at(-1)).toBe('sum');
	});

	it('hands a class its parameters, and scalars to train', () => {
		const code =
			'class A extends Loss { constructor({ g = 2 } = {}) { super(); this.g = g; this.w = this.addWeight({ name: "w", initial: 3 }); } call(y, p) { return y.sub(p).square().mean().mul(this.g).mul(this.w); } }';
		const { nodes, variables } = trace(code, { values: { g: 5 } }).graph;
		expect(variables).toEqual({ w: 3 });
		expect(nodes.filter(({ op }) => op === 'constant').map(({ attrs }) => attrs['values'])).toEqual([[5]]);
	});

	it('calls built-in losses with their parameters', () => {
		const { nodes } = trace('(yTrue, yPred) => losses.dice(yTrue, yPred, { smoothing: 2 })').graph;
		expect(nodes.at(-1)).toMatchObject({ op: 'builtIn', attrs: { loss: 'dice', 'value:smoothing': 2 }, shape: [] });
	});

	it('gives logits, valid and progress to who asks for them', () => {
		const { nodes } = trace('(y, p, { logits, progress }) => tf.softplus(logits).mean().mul(progress)').graph;
		expect(nodes.filter(({ op }) => op === 'input').map(({ attrs }) => attrs['name'])).toEqual(['yTrue', 'yPred', 'logits', 'progress']);
	});

	it('tells where a gradient is lost while the rest trains', () => {
		const { warnings } = trace('(y, p) => y.sub(p).square().mean().add(p.round().mean())');
		expect(warnings.map(({ text }) => text)).toEqual([expect.stringContaining('tf.round has no gradient')]);
	});
});

describe('code that cannot be trained', () => {
	it.each([
		['(y, p) => 0.5', /returns the number 0.5/],
		['(y, p) => { y.sub(p); }', /lacks? a return/],
		['(y, p) => tf.mean(tf.equal(tf.round(p), y))', /No gradient reaches yPred: tf\.round.*tf\.equal|No gradient reaches yPred: tf\.round/],
		['(y, p) => tf.mean(y)', /does not depend on yPred/],
		['(y, p) => tf.matMul(y.reshape([8, 5]), p.reshape([8, 5])).mean()', /\[8, 5\] and \[8, 5\]/],
		['(y, p) => y.sub(p.slice([0, 0, 0, 0], [2, 3, 5, 1])).mean()', /\[2, 4, 5, 1\] and \[2, 3, 5, 1\]/],
		['(y, p) => (p > 0.5 ? p.mean() : y.mean())', /tf\.where/],
		['(y, p) => p.dataSync()[0]', /dataSync\(\) reads numbers/],
		['(y, p) => tf.prod(p)', /tf\.exp\(tf\.sum\(tf\.log/],
		['(y, p) => tf.nonsense(p)', /not among the operations/],
		['(y, p) => p.greater(0.5)', /true and false/],
		['async (y, p) => p.mean()', /async/],
		['class A extends Loss {}', /lacks a method call/],
		['({})', /ends with an object/],
		['(y, p) => losses.dice(p, y)', /unchanged arguments/],
		['(y, p) => losses.dice(y, p, { gamma: 1 })', /no parameter gamma/],
		['(y, p) => p.mean([7])', /no axis 7/],
		['(y, p) => p.reshape([3, -1]).mean()', /cannot turn \[2, 4, 5, 1\]/],
	])('%s', (body, message) => {
		expect(() => trace(body)).toThrow(GraphError);
		expect(() => trace(body)).toThrow(message);
	});

	it('lets what the code throws through', () => {
		expect(() => trace('(y, p) => { throw new Error("x"); }')).toThrow('x');
	});
});
