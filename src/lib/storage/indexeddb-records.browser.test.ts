import { openUnderTest } from './testing/indexeddb-under-test.ts';
import { testRecords } from './testing/records-contract.ts';

testRecords('IndexedDB', openUnderTest);
