/** What strokes changed, small enough to keep many of them. */

/**
 * A stroke as runs of pixels: `deltas` holds before XOR after of one run after the other, so that the same change takes the
 * stroke back and makes it again.
 */
interface Change {
	/** What the map began from anew with this change; null for a stroke. */
	readonly beganFrom: string | null;
	readonly starts: Uint32Array;
	readonly lengths: Uint32Array;
	readonly deltas: Uint8Array;
}

/** Unchanged pixels that are kept inside a run: a run of its own would take as many bytes. */
const runBytes = 8;

/** Runs of [from, to) that differ; null when nothing does. Takes at most one byte a pixel of the range, and eight. */
function changeBetween(before: Uint8Array, after: Uint8Array, from: number, to: number): Omit<Change, 'beganFrom'> | null {
	const starts: number[] = [];
	const lengths: number[] = [];
	let end = -Infinity;
	for (let at = from; at < to; at++) {
		if (before[at] === after[at]) continue;
		if (at - end < runBytes) lengths[lengths.length - 1] = at + 1 - starts[starts.length - 1]!;
		else {
			starts.push(at);
			lengths.push(1);
		}
		end = at + 1;
	}
	if (starts.length === 0) return null;
	const deltas = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
	let offset = 0;
	starts.forEach((start, run) => {
		for (let at = start; at < start + lengths[run]!; at++) deltas[offset++] = before[at]! ^ after[at]!;
	});
	return { starts: Uint32Array.from(starts), lengths: Uint32Array.from(lengths), deltas };
}

const bytesOf = ({ starts, deltas }: Change): number => starts.length * runBytes + deltas.length;

/** Bytes of changes that are kept. */
const maxHistoryBytes = 64 * 2 ** 20;

export class MaskHistory {
	readonly #maxBytes: number;
	/** Oldest first. */
	#done: Change[] = [];
	/** The one taken back last comes last. */
	#undone: Change[] = [];
	#bytes = 0;
	/** What the oldest change that is kept was made on. */
	#first = '';

	/** Keeps at most `maxBytes` and forgets the oldest beyond it; the latest change stays, however large: a byte a pixel of the image. */
	constructor(maxBytes = maxHistoryBytes) {
		this.#maxBytes = maxBytes;
	}

	get canUndo(): boolean {
		return this.#done.length > 0;
	}

	get canRedo(): boolean {
		return this.#undone.length > 0;
	}

	/** What the map began from, by the changes that are not taken back; '' for the map that was given. */
	get beganFrom(): string {
		return this.#done.findLast((change) => change.beganFrom !== null)?.beganFrom ?? this.#first;
	}

	/** Remembers what differs in [from, to); what was taken back before is forgotten. False when nothing differs. */
	record(before: Uint8Array, after: Uint8Array, from: number, to: number, beganFrom: string | null = null): boolean {
		const found = changeBetween(before, after, from, to);
		if (!found) return false;
		const change = { ...found, beganFrom };
		this.#undone.forEach((old) => (this.#bytes -= bytesOf(old)));
		this.#undone = [];
		this.#done.push(change);
		this.#bytes += bytesOf(change);
		let forgotten = 0;
		for (; this.#bytes > this.#maxBytes && forgotten < this.#done.length - 1; forgotten++) this.#bytes -= bytesOf(this.#done[forgotten]!);
		this.#first = this.#done.slice(0, forgotten).findLast((old) => old.beganFrom !== null)?.beganFrom ?? this.#first;
		this.#done = this.#done.slice(forgotten);
		return true;
	}

	/** Takes the latest change back in place. The pixels [from, to) that it touched; null when there is none. */
	undo(...maps: readonly Uint8Array[]): readonly [from: number, to: number] | null {
		return this.#move(this.#done, this.#undone, maps);
	}

	/** Makes the change again that was taken back last. */
	redo(...maps: readonly Uint8Array[]): readonly [from: number, to: number] | null {
		return this.#move(this.#undone, this.#done, maps);
	}

	#move(source: Change[], target: Change[], maps: readonly Uint8Array[]): readonly [from: number, to: number] | null {
		const change = source.pop();
		if (!change) return null;
		target.push(change);
		const { starts, lengths, deltas } = change;
		for (const map of maps) {
			let offset = 0;
			starts.forEach((start, run) => {
				for (let at = start; at < start + lengths[run]!; at++) map[at] = map[at]! ^ deltas[offset++]!;
			});
		}
		return [starts[0]!, starts[starts.length - 1]! + lengths[lengths.length - 1]!];
	}
}
