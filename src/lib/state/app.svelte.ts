/** What every page can reach: the workbench once its records are open, and how many requests have left the origin. */
import { createContext } from 'svelte';
import { Workbench } from './workbench.svelte.ts';

export class App {
	/** Null until the stored records are open; pages without data do not wait for it. */
	workbench = $state.raw<Workbench | null>(null);
	/** Why the records could not be opened. */
	error = $state.raw<unknown>(null);
	/** Requests of this page to any other host: counted by the browser, not assumed. */
	foreignRequests = $state(0);

	/** Call once, in the browser. `basePath` is where the app is served, without a slash at its end. */
	async open(basePath: string): Promise<void> {
		this.#countRequests();
		try {
			this.workbench = await Workbench.open(basePath);
		} catch (error) {
			this.error = error;
		}
	}

	#countRequests(): void {
		const isForeign = (entry: PerformanceEntry): boolean =>
			/^(https?|wss?):/u.test(entry.name) && new URL(entry.name).origin !== location.origin;
		const observer = new PerformanceObserver((list) => (this.foreignRequests += list.getEntries().filter(isForeign).length));
		observer.observe({ type: 'resource', buffered: true });
	}
}

export const [getApp, setApp] = createContext<App>();
