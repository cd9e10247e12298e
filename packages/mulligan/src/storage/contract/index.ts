/** What a storage must do, to be run by any test runner. */
export { type ContractCase, storageContract } from './contract.ts';
