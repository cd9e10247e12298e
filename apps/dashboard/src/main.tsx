import './style/index.css';
import { render } from 'preact';
import { takeToken } from './api/token.ts';
import { App } from './app.tsx';
import { Session } from './state/session.ts';
import { Store } from './state/store.ts';

const store = new Store();
const session = new Session(store, takeToken());
render(<App store={store} session={session} />, document.body);
session.start();
