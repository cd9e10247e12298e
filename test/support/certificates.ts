// Tests of several packages need certificates; how they are made is the demonstration's knowledge.
export { type Certificates, createCertificates } from '../../packages/cli/src/demo/certificates.ts';
