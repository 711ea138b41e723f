import { describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { Params } from '#lib/core/params.ts';
import { find, render } from '../testing.ts';
import ChoiceField from './ChoiceField.svelte';
import NumberField from './NumberField.svelte';
import ParamForm from './ParamForm.svelte';
import SwitchField from './SwitchField.svelte';

const alpha = { label: 'α', value: 0.5, min: 0, max: 1, step: 0.05, default: 0.5, help: 'Weighs false positives.' };

describe('a number field', () => {
	it('steps by arrow keys on the slider', async () => {
		const onchange = vi.fn();
		find(render(NumberField, { ...alpha, onchange }), 'input[type=range]').focus();
		await userEvent.keyboard('{ArrowRight}');
		expect(onchange).toHaveBeenCalledExactlyOnceWith(0.55);
	});

	it('takes a typed number at Enter, and says the range for one it cannot take', async () => {
		const onchange = vi.fn();
		const root = render(NumberField, { ...alpha, onchange });
		const input = find<HTMLInputElement>(root, 'input[type=text]');
		await userEvent.fill(input, '7');
		await userEvent.keyboard('{Enter}');
		expect(onchange).not.toHaveBeenCalled();
		expect(input.getAttribute('aria-invalid')).toBe('true');
		expect(find(root, '.range').textContent).toContain('0 to 1');
		await userEvent.fill(input, '0,3');
		await userEvent.keyboard('{Enter}');
		expect(onchange).toHaveBeenCalledExactlyOnceWith(0.3);
	});

	it('shows its help at the press of a key and describes the input with it at all times', async () => {
		const root = render(NumberField, { ...alpha, onchange: vi.fn() });
		const help = find(root, '.help');
		expect(help.hidden).toBe(true);
		expect(find(root, 'input[type=text]').getAttribute('aria-describedby')).toContain(help.id);
		find(root, 'button[aria-expanded]').focus();
		await userEvent.keyboard('{Enter}');
		expect(help.hidden).toBe(false);
	});

	it('offers the way back only when it was changed', async () => {
		const onchange = vi.fn();
		expect(render(NumberField, { ...alpha, onchange }).querySelector('[aria-label^=Reset]')).toBeNull();
		const root = render(NumberField, { ...alpha, value: 0.7, onchange });
		await userEvent.click(find(root, '[aria-label="Reset α to 0.5"]'));
		expect(onchange).toHaveBeenCalledExactlyOnceWith(0.5);
	});

	it('slides over powers of ten when asked to', async () => {
		const onchange = vi.fn();
		const root = render(NumberField, { label: 'Rate', value: 1e-3, min: 1e-6, max: 1, step: 1e-6, scale: 'log', onchange });
		find(root, 'input[type=range]').focus();
		await userEvent.keyboard('{End}');
		expect(onchange).toHaveBeenLastCalledWith(1);
	});
});

describe('a choice', () => {
	const two = [
		{ value: 'a', label: 'First' },
		{ value: 'b', label: 'Second' },
	];

	it('of few options is a bar that arrows walk along', async () => {
		const onchange = vi.fn();
		find(render(ChoiceField, { label: 'Which', value: 'a', options: two, onchange }), 'input:checked').focus();
		await userEvent.keyboard('{ArrowRight}');
		expect(onchange).toHaveBeenCalledExactlyOnceWith('b');
	});

	it('of many options drops down', async () => {
		const options = ['a', 'b', 'c', 'd', 'e'].map((value) => ({ value, label: value }));
		const onchange = vi.fn();
		await userEvent.selectOptions(find(render(ChoiceField, { label: 'Which', value: 'a', options, onchange }), 'select'), 'c');
		expect(onchange).toHaveBeenCalledExactlyOnceWith('c');
	});
});

it('a switch is turned by the space bar', async () => {
	const onchange = vi.fn();
	find(render(SwitchField, { label: 'Flip', checked: false, onchange }), '[role=switch]').focus();
	await userEvent.keyboard(' ');
	expect(onchange).toHaveBeenCalledExactlyOnceWith(true);
});

describe('a form drawn from parameters', () => {
	const params: Params = {
		alpha: { kind: 'number', label: 'α', help: 'h', min: 0, max: 1, step: 0.1, default: 0.3 },
		squared: { kind: 'boolean', label: 'Squared', help: 'h', default: true },
		over: { kind: 'choice', label: 'Over', help: 'h', options: [{ value: 'image', label: 'Image' }, { value: 'batch', label: 'Batch' }], default: 'image' }, // prettier-ignore
		weights: { kind: 'numbers', label: 'Class weights', help: 'h', min: 0, max: 10, default: '' },
	};

	it('shows defaults for missing values and gives all values back with the one that changed', async () => {
		const onchange = vi.fn();
		const root = render(ParamForm, { params, values: { alpha: 0.7 }, onchange });
		expect(find<HTMLInputElement>(root, 'input[type=text]').value).toBe('0.7');
		expect(find<HTMLInputElement>(root, '[role=switch]').checked).toBe(true);
		find(root, '[role=switch]').focus();
		await userEvent.keyboard(' ');
		expect(onchange).toHaveBeenLastCalledWith({ alpha: 0.7, squared: false });
	});

	it('asks only for what counts beside the other values', () => {
		const some: Params = {
			over: { ...params.over!, onlyWhen: { squared: [true] } },
			squared: params.squared!,
		};
		expect(render(ParamForm, { params: some, values: {}, onchange: vi.fn() }).querySelectorAll('[type=radio]')).toHaveLength(2);
		const without = render(ParamForm, { params: some, values: { squared: false }, onchange: vi.fn() });
		expect(without.querySelectorAll('[type=radio]')).toHaveLength(0);
		expect(without.querySelectorAll('[role=switch]')).toHaveLength(1);
	});

	it('takes one number per class and refuses another count', async () => {
		const onchange = vi.fn();
		const root = render(ParamForm, { params, values: {}, classNames: ['background', 'cell'], onchange });
		const input = find<HTMLInputElement>(root, 'input[placeholder]');
		await userEvent.fill(input, '1');
		await userEvent.tab();
		expect(onchange).not.toHaveBeenCalled();
		expect(input.getAttribute('aria-invalid')).toBe('true');
		await userEvent.fill(input, '1, 4');
		await userEvent.tab();
		expect(onchange).toHaveBeenLastCalledWith({ weights: '1, 4' });
	});
});
