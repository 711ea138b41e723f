import { lossShelf } from '#lib/losses/index.ts';

/** Every loss of the shelf has its page, also where no link leads to it. */
export const entries = () => lossShelf.map(({ id }) => ({ id }));
