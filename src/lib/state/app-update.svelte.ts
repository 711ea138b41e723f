/** Tells when a new version of the app waits, and changes to it when the person says so: never during a run. */
export class AppUpdate {
	/** True while a run is active: the change would end it. Set by whoever owns the run. */
	blocked = $state(false);
	#waiting = $state.raw<ServiceWorker>();
	readonly #container: ServiceWorkerContainer;
	readonly #reload: () => void;

	constructor(container: ServiceWorkerContainer, reload: () => void) {
		this.#container = container;
		this.#reload = reload;
	}

	/** True when a newer version is installed and waits. */
	get available(): boolean {
		return this.#waiting !== undefined;
	}

	/** Watches for new versions, from the time the first one is installed. Never settles where the app has no service worker. */
	async watch(): Promise<void> {
		const registration = await this.#container.ready;
		this.#waiting = registration.waiting ?? undefined;
		registration.addEventListener('updatefound', () => this.#follow(registration.installing));
		this.#follow(registration.installing);
	}

	/** Starts the waiting version and reloads the page. Does nothing while blocked, or when no version waits. */
	apply(): void {
		if (this.blocked || this.#waiting === undefined) return;
		// Other tabs stay on the version they run: only the page that asked reloads.
		this.#container.addEventListener('controllerchange', () => this.#reload(), { once: true });
		this.#waiting.postMessage({ type: 'activate' });
	}

	#follow(installing: ServiceWorker | null): void {
		installing?.addEventListener('statechange', () => {
			// It stops waiting as soon as any tab starts it.
			if (installing.state === 'installed') this.#waiting = installing;
			else if (this.#waiting === installing) this.#waiting = undefined;
		});
	}
}
