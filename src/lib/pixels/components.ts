/** Connected parts of a class map. */
import { ignoredClass } from '#lib/core/sample.ts';

export interface Component {
	/** The smallest box around it, pixels; right and bottom excluded. */
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

export interface Components {
	/** From 1 for pixels of a component, in the order of `list`; 0 for background and ignored pixels [H·W]. */
	readonly labels: Int32Array;
	readonly list: readonly Component[];
}

/** Pixels of one foreground class that touch along an edge, or with 8 `neighbours` also at a corner, form one component. */
export function connectedComponents(classes: Uint8Array, width: number, height: number, neighbours: 4 | 8 = 4): Components {
	const labels = new Int32Array(classes.length);
	const list: Component[] = [];
	const isForeground = (index: number): boolean => classes[index] !== 0 && classes[index] !== ignoredClass;
	for (let seed = 0; seed < classes.length; seed++) {
		if (labels[seed] === 0 && isForeground(seed)) list.push(fill(classes, labels, width, seed, list.length + 1, neighbours));
	}
	return { labels, list };
}

/** Labels everything connected to `seed` and returns its box. */
function fill(classes: Uint8Array, labels: Int32Array, width: number, seed: number, label: number, neighbours: 4 | 8): Component {
	const height = classes.length / width;
	const box = { left: width, top: height, right: 0, bottom: 0 };
	const stack = [seed];
	labels[seed] = label;
	const visit = (index: number): void => {
		if (labels[index] !== 0 || classes[index] !== classes[seed]) return;
		labels[index] = label;
		stack.push(index);
	};
	for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
		const x = index % width;
		const y = (index - x) / width;
		box.left = Math.min(box.left, x);
		box.right = Math.max(box.right, x + 1);
		box.top = Math.min(box.top, y);
		box.bottom = Math.max(box.bottom, y + 1);
		if (x > 0) visit(index - 1);
		if (x < width - 1) visit(index + 1);
		if (y > 0) visit(index - width);
		if (y < height - 1) visit(index + width);
		if (neighbours === 4) continue;
		for (const row of [y > 0 ? index - width : -1, y < height - 1 ? index + width : -1]) {
			if (row < 0) continue;
			if (x > 0) visit(row - 1);
			if (x < width - 1) visit(row + 1);
		}
	}
	return box;
}
