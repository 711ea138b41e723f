/** A tab that nobody looks at goes on training. */
import type { Browser } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { patience } from './workbench.ts';

/** The answer to a `Runtime.evaluate`. */
interface Answer {
	readonly id?: number;
	readonly result?: { readonly result?: { readonly value?: unknown } };
}

interface RawPage {
	/** The value of an expression in the page, after its promise. */
	value(expression: string): Promise<unknown>;
	toFront(): Promise<void>;
}

/**
 * Two tabs of one window that are driven without Playwright's own pages, because those all believe that they are in
 * front: such a page is never hidden, whatever lies over it.
 */
async function openRawPages(browser: Browser, addresses: readonly string[]): Promise<RawPage[]> {
	const session = await browser.newBrowserCDPSession();
	const { browserContextId } = await session.send('Target.createBrowserContext');
	const answers = new Map<number, (answer: Answer) => void>();
	session.on('Target.receivedMessageFromTarget', ({ message }) => {
		const answer = JSON.parse(message) as Answer;
		if (answer.id !== undefined) answers.get(answer.id)?.(answer);
	});
	let calls = 0;
	const pages: RawPage[] = [];
	for (const url of addresses) {
		const { targetId } = await session.send('Target.createTarget', { url, browserContextId, newWindow: pages.length === 0 });
		const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
		pages.push({
			toFront: async () => void (await session.send('Target.activateTarget', { targetId })),
			value: async (expression) => {
				const id = ++calls;
				const params = { expression, awaitPromise: true, returnByValue: true };
				const answered = new Promise<Answer>((resolve) => answers.set(id, resolve));
				await session.send('Target.sendMessageToTarget', {
					sessionId,
					message: JSON.stringify({ id, method: 'Runtime.evaluate', params }),
				});
				return (await answered).result?.result?.value;
			},
		});
	}
	return pages;
}

/** Presses the button whose text starts so, and says whether it was there to be pressed. */
const press = (text: string): string => `(() => {
	const button = [...document.querySelectorAll('button')].find((entry) => entry.textContent.trim().startsWith(${JSON.stringify(text)}));
	if (!button || button.disabled || button.ariaDisabled === 'true') return false;
	button.click();
	return true;
})()`;

test('training goes on while another tab is in front', async ({ browser, site }) => {
	test.slow();
	const [training, other] = await openRawPages(browser, [site.address, 'about:blank']);
	if (!training || !other) throw new Error('the browser opened no tabs');
	await training.toFront();
	await expect.poll(() => training.value(press('Cells')), patience).toBe(true);
	await expect.poll(() => training.value(press('Start')), patience).toBe(true);
	const steps = async (): Promise<number> =>
		Number(await training.value(`document.querySelector('[aria-label=Run] progress')?.value ?? 0`));
	await expect.poll(steps, patience).toBeGreaterThan(0);

	await other.toFront();
	await expect.poll(() => training.value('document.visibilityState'), patience).toBe('hidden');
	const before = await steps();
	await expect.poll(steps, patience).toBeGreaterThan(before + 5);
	expect(await training.value('document.visibilityState')).toBe('hidden');
	await training.value(press('Pause'));
	await expect.poll(() => training.value(press('Resume')), patience).toBe(true);
	await training.value(press('Pause'));
});
