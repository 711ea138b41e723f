/** True where letters are typed or chosen, and inside an open dialog, so that keys of the page must not fire. */
export function takesKeys(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		(target.matches('input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable]') ||
			target.closest('dialog[open]') !== null)
	);
}
