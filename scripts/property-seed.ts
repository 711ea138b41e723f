/**
 * The same draws in every run of the property tests, so that a change is never blamed for what another draw would have shown.
 * `FC_SEED=7 npx vitest …` draws others; CONTRIBUTING says how to look through many.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });
