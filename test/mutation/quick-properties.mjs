import fc from 'fast-check';

// A property that a change breaks mostly breaks within its first runs; the thousands belong to the tests themselves.
fc.configureGlobal({ interruptAfterTimeLimit: 300, markInterruptAsFailure: false });
