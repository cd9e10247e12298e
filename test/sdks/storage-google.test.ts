import { describeContract } from './support/storage/contract-tests.ts';
import { startGoogle } from './support/storage/google.ts';

describeContract('Google, as a server of ours does it', startGoogle);
