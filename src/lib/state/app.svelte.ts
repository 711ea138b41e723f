/** What every page can reach: the workbench once its records are open, and how many requests have left the origin. */
import { createContext } from 'svelte';
import { countForeignRequests } from '#lib/worker/foreign-requests.ts';
import { Workbench } from './workbench.svelte.ts';

export class App {
	/** Null until the stored records are open; pages without data do not wait for it. */
	workbench = $state.raw<Workbench | null>(null);
	/** Why the records could not be opened. */
	error = $state.raw<unknown>(null);
	#ownForeignRequests = $state(0);

	/** Requests of this page and its workers to any other host: counted by the browser, not assumed. */
	get foreignRequests(): number {
		return this.#ownForeignRequests + (this.workbench?.training.foreignRequests ?? 0);
	}

	/** Call once, in the browser. `basePath` is where the app is served, without a slash at its end. */
	async open(basePath: string): Promise<void> {
		countForeignRequests((count) => (this.#ownForeignRequests += count));
		try {
			this.workbench = await Workbench.open(basePath);
		} catch (error) {
			this.error = error;
		}
	}
}

export const [getApp, setApp] = createContext<App>();
