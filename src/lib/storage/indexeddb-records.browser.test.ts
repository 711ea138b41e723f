import { openUnderTest } from './testing/indexeddb-under-test.ts';
import { testProjects } from './testing/project-contract.ts';
import { testRecords } from './testing/records-contract.ts';

testRecords('IndexedDB', openUnderTest);
testProjects('IndexedDB', openUnderTest);
