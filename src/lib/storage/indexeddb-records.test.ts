import 'fake-indexeddb/auto';
import { openUnderTest } from './indexeddb-under-test.ts';
import { testRecords } from './records-contract.ts';

testRecords('IndexedDB imitated in Node', openUnderTest);
