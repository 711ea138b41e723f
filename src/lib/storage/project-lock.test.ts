import { afterEach, expect, test, vi } from 'vitest';
import { holdProjectLock, waitForLock } from './project-lock.ts';

afterEach(() => void vi.unstubAllGlobals());

test('where the browser has no locks, everyone may write', async () => {
	vi.stubGlobal('navigator', {});
	expect((await holdProjectLock('project')).held).toBe(true);
	expect((await waitForLock('project', new AbortController().signal)).held).toBe(true);
});
