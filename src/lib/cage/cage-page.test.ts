import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the cage runs its own script and nothing else', () => {
	const page = readFileSync('static/cage.html', 'utf8');
	const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
	const hash = createHash('sha256').update(script).digest('base64');
	expect(page).toContain(`content="default-src 'none'; script-src 'sha256-${hash}' data:; worker-src data:"`);
});
