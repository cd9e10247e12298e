import './style/index.css';
import { render } from 'preact';
import { takeToken } from './api/token.ts';
import { App } from './app.tsx';
import { Router } from './state/router.ts';
import { Session } from './state/session.ts';
import { Store } from './state/store.ts';

const store = new Store();
const session = new Session(store, takeToken());
const router = new Router(store);
router.start();
render(<App store={store} session={session} router={router} />, document.body);
session.start();
