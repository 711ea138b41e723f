/** Counts requests that leave the origin, by the browser's own list of what this page or worker has requested. */

/** Tells `hear` of every group of new ones; a request that the policy blocked counts as well. */
export function countForeignRequests(hear: (count: number) => void): void {
	const isForeign = ({ name }: PerformanceEntry): boolean => /^(https?|wss?):/u.test(name) && new URL(name).origin !== location.origin;
	const observer = new PerformanceObserver((list) => {
		const count = list.getEntries().filter(isForeign).length;
		if (count > 0) hear(count);
	});
	observer.observe({ type: 'resource', buffered: true });
}
