/** How a slider's travel maps to a value. A logarithmic field slides over powers of ten. */

/** Positions on a logarithmic slider, end to end. */
export const logSliderSteps = 200;

/** Value → slider position 0…`logSliderSteps`. `min` and `max` are above zero. */
export function toLogPosition(value: number, min: number, max: number): number {
	return Math.round((Math.log(value / min) / Math.log(max / min)) * logSliderSteps);
}

/** Slider position → value, to two significant figures, within min…max. */
export function fromLogPosition(position: number, min: number, max: number): number {
	const value = min * Math.pow(max / min, position / logSliderSteps);
	return Math.min(max, Math.max(min, Number(value.toPrecision(2))));
}

/** Decimal places of a step: 0.05 → 2, 1 → 0, 1e-7 → 7. */
export function decimalsOf(step: number): number {
	const [mantissa = '', exponent] = String(step).split('e');
	const decimals = mantissa.split('.')[1]?.length ?? 0;
	return Math.max(0, decimals - Number(exponent ?? 0));
}

/**
 * What a person typed → a value of the field, or undefined when it is not a number in min…max.
 * A comma is taken for a decimal point. `whole` fields take whole numbers only.
 */
export function parseTyped(text: string, min: number, max: number, whole: boolean): number | undefined {
	const cleaned = text.trim().replace(',', '.');
	const value = cleaned === '' ? Number.NaN : Number(cleaned);
	if (!Number.isFinite(value) || value < min || value > max) return undefined;
	return whole && !Number.isInteger(value) ? undefined : value;
}
