import { openUnderTest } from './indexeddb-under-test.ts';
import { testRecords } from './records-contract.ts';

testRecords('IndexedDB', openUnderTest);
