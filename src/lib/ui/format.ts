/** Numbers as people read them. One place, so that one thing always looks the same. A value that was not measured is an en dash. */

/** What stands where there is no number. */
export const missing = '–';

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number' && Number.isFinite(value);

/** A score in 0…1, for instance `0.931`. */
export function formatScore(value: number | null | undefined, digits = 3): string {
	return isNumber(value) ? value.toFixed(digits) : missing;
}

/** A share in 0…1 as a percentage with about two figures: `23 %`, `0.4 %`, `< 0.1 %`. */
export function formatShare(share: number | null | undefined): string {
	if (!isNumber(share)) return missing;
	const percent = share * 100;
	if (percent > 0 && percent < 0.1) return '< 0.1 %';
	if (percent < 100 && percent > 99.9) return '> 99.9 %';
	return `${percent < 10 && percent > 0 ? trimZeros(percent.toFixed(1)) : Math.round(percent)} %`;
}

function trimZeros(text: string): string {
	return text.includes('.') ? text.replace(/\.?0+$/u, '') : text;
}

/** Any value with four significant figures: `0.03215`, `12.4`, `1.2e-7`. For losses, rates and axes. */
export function formatValue(value: number | null | undefined): string {
	if (!isNumber(value)) return missing;
	const size = Math.abs(value);
	if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
		const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
		return `${trimZeros(mantissa)}e${exponent.replace('+', '')}`;
	}
	return trimZeros(value.toPrecision(4));
}

/** A whole number with thin spaces between thousands: `48 256`. */
export function formatCount(value: number | null | undefined): string {
	if (!isNumber(value)) return missing;
	return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/gu, '\u202f');
}

/** `1 pair`, `48 pairs`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
	return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const scaled = (value: number, unit: string): string => `${trimZeros(value.toFixed(value < 10 ? 1 : 0))} ${unit}`;

/** Bytes in powers of 1000, as disks are sold: `0 bytes`, `640 kB`, `1.2 MB`. */
export function formatBytes(sizeBytes: number | null | undefined): string {
	if (!isNumber(sizeBytes)) return missing;
	if (sizeBytes < 1000) return `${Math.round(sizeBytes)} ${Math.round(sizeBytes) === 1 ? 'byte' : 'bytes'}`;
	if (sizeBytes < 999_500) return scaled(sizeBytes / 1e3, 'kB');
	if (sizeBytes < 999_500_000) return scaled(sizeBytes / 1e6, 'MB');
	return scaled(sizeBytes / 1e9, 'GB');
}

/** Numbers of a net: `29.6 k`, `487 k`, `8.63 M`. */
export function formatParameters(count: number | null | undefined): string {
	if (!isNumber(count)) return missing;
	if (count < 1000) return String(count);
	const [value, unit] = count < 999_500 ? [count / 1e3, 'k'] : [count / 1e6, 'M'];
	return `${trimZeros(value.toPrecision(3))} ${unit}`;
}

/** A span of time with two units at most: `840 ms`, `4.2 s`, `2 min 05 s`, `1 h 12 min`. */
export function formatDuration(milliseconds: number | null | undefined): string {
	if (!isNumber(milliseconds)) return missing;
	if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
	if (milliseconds < 9950) return `${(milliseconds / 1000).toFixed(1)} s`;
	const seconds = Math.round(milliseconds / 1000);
	if (seconds < 60) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
	return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A span of time that was reckoned beforehand, no finer than it can be trusted: `about 40 s`, `about 6 min`, `about 2.5 h`. */
export function formatAbout(milliseconds: number | null | undefined): string {
	if (!isNumber(milliseconds)) return missing;
	const seconds = milliseconds / 1000;
	if (seconds < 10) return 'less than 10 s';
	if (seconds < 95) return `about ${Math.round(seconds / 10) * 10} s`;
	if (seconds < 99.5 * 60) return `about ${Math.round(seconds / 60)} min`;
	const hours = seconds / 3600;
	if (hours < 9.75) return `about ${Math.round(hours * 2) / 2} h`;
	return hours < 47.5 ? `about ${Math.round(hours)} h` : `about ${formatCount(hours / 24)} days`;
}

/** A threshold level (a pixel is foreground from this level on) as a probability: 128 → `0.50`. */
export function formatThreshold(level: number): string {
	return (level / 256).toFixed(2);
}
