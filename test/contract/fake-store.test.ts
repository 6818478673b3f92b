import { makeFakeStore } from '../support/store-subject.ts';
import { alertInboxContract } from './alert-inbox.contract.ts';
import { journalContract } from './journal.contract.ts';
import { keptFilesContract } from './kept-files.contract.ts';
import { outboxContract } from './outbox.contract.ts';
import { pastContract } from './past.contract.ts';
import { reportStoreContract } from './report-store.contract.ts';
import { roomLogContract } from './room-log.contract.ts';

journalContract('fake', makeFakeStore);
outboxContract('fake', makeFakeStore);
reportStoreContract('fake', makeFakeStore);
keptFilesContract('fake', makeFakeStore);
pastContract('fake', makeFakeStore);
roomLogContract('fake', makeFakeStore);
alertInboxContract('fake', makeFakeStore);
