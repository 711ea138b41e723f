/** Files from a drop or a file field, for pages that may not reach into the importers. */
export { filesFromDataTransfer as filesFromDrop, filesFromInput as filesFromField } from '#lib/importers/dropped.ts';
