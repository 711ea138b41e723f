import { expect, it } from 'vitest';
import { forwardOperations } from './nets.mjs';

it('counts the operations of a net layer by layer', () => {
	// One level down (2 filters at 4²), bottom (4 filters at 2²), one level up, head; one image. Each 3×3 layer: 2·9·pixels·in·out.
	// down 18·16·(1·2 + 2·2) = 1728, bottom 18·4·(2·4 + 4·4) = 1728, up 18·16·((2 + 4)·2 + 2·2) = 4608, head 2·16·2 = 64.
	expect(forwardOperations({ size: 4, batch: 1, base: 2, depth: 1 })).toBe(1728 + 1728 + 4608 + 64);
});
