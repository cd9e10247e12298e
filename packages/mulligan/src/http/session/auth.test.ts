import { describe, expect, test, vi } from 'vitest';
import { SessionAuth } from './auth.ts';
import { environmentAuth } from './environment-auth.ts';
import { findNetrc } from './netrc.ts';

describe('who to be at which host', () => {
  test('is asked for once, when it is first needed, and again after it was set anew', async () => {
    const callback = vi.fn(() => ({ authorization: 'one' }));
    const auth = new SessionAuth().add('https://api.test/anything', callback);
    expect(callback).not.toHaveBeenCalled();
    expect(await auth.get('https://api.test/a')).toEqual({ authorization: 'one' });
    expect(await auth.get(new URL('https://API.test:8443/b?c'))).toEqual({ authorization: 'one' });
    expect(callback).toHaveBeenCalledOnce();
    auth.add('https://api.test', async () => ({ authorization: 'two' }));
    expect(await auth.get('https://api.test/a')).toEqual({ authorization: 'two' });
  });

  test('is nobody at another host, a subdomain, or over another scheme', async () => {
    const auth = new SessionAuth().add('https://api.test', () => ({ authorization: 'one' }));
    for (const url of ['http://api.test/', 'https://www.api.test/', 'https://api.test.evil.test/', 'https://test/']) {
      expect(await auth.get(url)).toBeUndefined();
    }
  });

  test('is asked for again when it could not be found', async () => {
    const callback = vi.fn().mockRejectedValueOnce(new Error('locked')).mockResolvedValue({ authorization: 'one' });
    const auth = new SessionAuth().add('https://api.test', callback);
    await expect(auth.get('https://api.test')).rejects.toThrow('locked');
    expect(await auth.get('https://api.test')).toEqual({ authorization: 'one' });
  });

  test.each([
    ['ftp://a.test/', "Unsupported scheme 'ftp' in URL 'ftp://a.test/'"],
    ['a.test', "Unsupported scheme '' in URL 'a.test'"],
    ['https://', "Missing hostname in URL 'https://'"],
    ['ftp://user:s3cret@a.test/', "Unsupported scheme 'ftp' in URL 'ftp://a.test/'"],
  ])('%s is answered in a sentence', (url, sentence) => {
    expect(() => new SessionAuth().add(url, () => undefined)).toThrow(sentence);
  });
});

describe('tokens of the environment', () => {
  const none = (): string => '';

  test('GITHUB_TOKEN goes to the API of GitHub and to nobody else', async () => {
    const auth = environmentAuth({ GITHUB_TOKEN: 't0ken' }, none);
    expect(await auth.get('https://api.github.com/user')).toEqual({ authorization: 'token t0ken' });
    for (const url of ['https://github.com/', 'http://api.github.com/', 'https://api.github.com.evil.test/']) {
      expect(await auth.get(url)).toBeUndefined();
    }
    const enterprise = environmentAuth({ GITHUB_TOKEN: 't0ken', GITHUB_API_URL: 'https://git.test/api/v3' }, none);
    expect(await enterprise.get('https://api.github.com/')).toBeUndefined();
    expect(await enterprise.get('https://git.test/api/v3/user')).toEqual({ authorization: 'token t0ken' });
  });

  test('GitLab gets the token of the job before that of a person', async () => {
    const both = { CI_JOB_TOKEN: 'job', GITLAB_PRIVATE_TOKEN: 'person' };
    expect(await environmentAuth(both, none).get('https://gitlab.com/')).toEqual({ 'job-token': 'job' });
    const person = { GITLAB_PRIVATE_TOKEN: 'person', CI_SERVER_URL: 'https://lab.test' };
    expect(await environmentAuth(person, none).get('https://lab.test/')).toEqual({ 'private-token': 'person' });
    expect(await environmentAuth({}, none).get('https://gitlab.com/')).toBeUndefined();
  });

  test('.netrc wins', async () => {
    const netrc = (): string =>
      'machine api.github.com login me password mine\nmachine gitlab.com login gitlab-ci-token password ci';
    const auth = environmentAuth({ GITHUB_TOKEN: 't0ken', GITLAB_PRIVATE_TOKEN: 'person' }, netrc);
    expect(await auth.get('https://api.github.com/')).toEqual({ authorization: 'token mine' });
    expect(await auth.get('https://gitlab.com/')).toEqual({ 'job-token': 'ci' });
    const other = environmentAuth({}, () => 'machine gitlab.com login me password mine');
    expect(await other.get('https://gitlab.com/')).toEqual({ 'private-token': 'mine' });
  });

  test('a .netrc that is not there is no entry', async () => {
    const auth = environmentAuth({ NETRC: '/no/such/file', GITHUB_TOKEN: 't0ken' });
    expect(await auth.get('https://api.github.com/')).toEqual({ authorization: 'token t0ken' });
  });
});

describe('.netrc', () => {
  const text = `
# machine commented.test login a password b
machine one.test login me password "with \\"quotes\\" and spaces"
machine two.test
  login you
  account ignored
  password secret
macdef init
machine macro.test login a password b

machine three.test password alone
default login anonymous password guest
machine late.test login a password b`;

  test.each([
    ['one.test', { login: 'me', password: 'with "quotes" and spaces' }],
    ['two.test', { login: 'you', password: 'secret' }],
    ['three.test', { login: '', password: 'alone' }],
    ['late.test', { login: 'a', password: 'b' }],
    ['commented.test', { login: 'anonymous', password: 'guest' }],
    ['macro.test', { login: 'anonymous', password: 'guest' }],
  ])('%s', (host, entry) => {
    expect(findNetrc(text, host)).toEqual(entry);
  });

  test('without a default there may be nothing', () => {
    expect(findNetrc('machine one.test login a password b', 'two.test')).toBeUndefined();
    expect(findNetrc('', 'two.test')).toBeUndefined();
    expect(findNetrc('machine', 'machine')).toBeUndefined();
  });
});
