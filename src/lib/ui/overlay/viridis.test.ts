import { expect, it } from 'vitest';
import { viridisTable } from './viridis.ts';

it('has the published ends and middle of viridis', () => {
	const at = (level: number): number[] => [...viridisTable.slice(level * 3, level * 3 + 3)];
	// matplotlib: viridis(0) = #440154, viridis(255) = #fde725, viridis(128) = #21918c, here within 3 of 255 by straight lines.
	expect(at(0)).toEqual([0x44, 0x01, 0x54]);
	expect(at(255)).toEqual([0xfd, 0xe7, 0x25]);
	for (const [index, value] of [0x21, 0x91, 0x8c].entries()) expect(Math.abs((at(128)[index] ?? 0) - value)).toBeLessThanOrEqual(3);
});
