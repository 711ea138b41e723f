/** Puts a component on the page of a browser test, in the app's look, and takes it away when the test ends. */
import { flushSync, mount, unmount, type Component, type ComponentProps } from 'svelte';
import { onTestFinished } from 'vitest';
import './tokens.css';
import './base.css';

/** Returns the element that holds the component, `width` pixels wide. */
export function render<C extends Component<any>>(component: C, props: ComponentProps<C>, width = 800): HTMLElement {
	const target = document.createElement('div');
	target.style.inlineSize = `${width}px`;
	document.body.append(target);
	const instance = mount(component, { target, props });
	flushSync();
	onTestFinished(async () => {
		await unmount(instance);
		target.remove();
	});
	return target;
}

/** The first element that matches, which the test relies on. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as `querySelector` itself has it
export function find<E extends Element = HTMLElement>(root: ParentNode, selector: string): E {
	const element = root.querySelector<E>(selector);
	if (!element) throw new Error(`There is no ${selector}.`);
	return element;
}
