/** Stands between a caller and the methods of WebGPU's classes. */

function isMethod(value: unknown): value is (...args: unknown[]) => unknown {
	return typeof value === 'function';
}

/** Wraps a method of a class; `before` sees its object and arguments, and may give others. */
export function wrap(
	owner: object,
	name: string,
	before: (self: unknown, args: readonly unknown[]) => readonly unknown[] | undefined,
): void {
	const original: unknown = Reflect.get(owner, name);
	if (!isMethod(original)) throw new Error(`WebGPU has no ${name} here.`);
	Object.defineProperty(owner, name, {
		configurable: true,
		value(this: unknown, ...args: unknown[]): unknown {
			return original.apply(this, [...(before(this, args) ?? args)]);
		},
	});
}
