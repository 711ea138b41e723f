export const lazy = 'a chunk of its own';
