import { OpenAPIHono } from '@hono/zod-openapi';
import { type Context, Hono } from 'hono';
import type { Registry } from 'prom-client';
import { type ApiDocument, describeApi } from './docs/document.ts';
import { docsPage } from './docs/docs-page.ts';
import { docsStyle } from './docs/docs-style.ts';
import { putInEnvelope } from './envelope.ts';
import { ApiError, apiErrorStatus, toApiError } from './error.ts';
import { auditTo, auditWrites } from './guard/audit.ts';
import { guardBody, guardOrigin, guardToken } from './guard/guard.ts';
import { addSecurityHeaders } from './guard/headers.ts';
import { Lockout } from './guard/lockout.ts';
import { staticFiles } from './page/static-files.ts';
import type { ApiPlan } from './plan.ts';
import { countApiRequests } from './prometheus/request-counter.ts';
import { addRotatorGauges } from './prometheus/rotator-gauges.ts';
import { breakerRoutes } from './routes/breakers.ts';
import { checkRoutes } from './routes/checks.ts';
import { configRoutes } from './routes/config.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { policyRoutes } from './routes/policy.ts';
import { proxyRoutes } from './routes/proxies.ts';
import { requestRoutes } from './routes/requests.ts';
import { statusRoutes } from './routes/status.ts';
import type { ApiServices } from './services.ts';
import { validationError } from './validation.ts';

const prefix = '/api/v1';

/** Where later versions of the original have what it has under {@link prefix}. */
const laterPrefix = '/api';

/** Puts guards, routes and pages together. */
export function createApp(services: ApiServices, plan: ApiPlan, registry: Registry): OpenAPIHono {
  const app = newApp();
  app.onError((error, c) => answerError(c, toApiError(error)));
  app.notFound((c) => answerError(c, new ApiError('NOT_FOUND', `Endpoint not found: ${c.req.path}`)));
  for (const path of ['retry', 'circuit-breakers', 'metrics']) {
    app.use(`${laterPrefix}/${path}/*`, putInEnvelope(services.world));
  }
  app.use(
    countApiRequests(registry, () => services.world.now()),
    addSecurityHeaders,
    guardOrigin(hostRules(services, plan)),
  );
  app.route('/', healthRoutes(services)).route(prefix, healthRoutes(services, 'OfApi'));
  const audit = auditTo(plan.onWrite, services.world);
  const guards = [
    guardToken({ ...plan, audit, lockout: new Lockout(services.world) }),
    auditWrites(audit),
    guardBody,
  ] as const;
  for (const path of [`${laterPrefix}/*`, '/metrics', '/openapi.json', '/docs']) app.use(path, ...guards);
  addRoutes(app, services);
  addLaterRoutes(app, services);
  addDocuments(app, registry, services);
  app.use(staticFiles(plan.dashboard));
  return app;
}

function newApp(): OpenAPIHono {
  return new OpenAPIHono({
    defaultHook: (result) => {
      // What was checked is there too, only its type does not say so.
      const { data } = result as { data?: unknown };
      if (!result.success) throw validationError(result.target, result.error.issues, data);
    },
  });
}

function hostRules({ addresses }: ApiServices, { allowedHosts, readsNeedToken }: ApiPlan) {
  return () => ({ allowedHosts, port: Number(new URL(addresses().api).port || 80), anyAddress: readsNeedToken });
}

function addRoutes(app: OpenAPIHono, services: ApiServices): void {
  const routes = [
    statusRoutes,
    eventRoutes,
    requestRoutes,
    proxyRoutes,
    checkRoutes,
    breakerRoutes,
    policyRoutes,
    metricsRoutes,
    configRoutes,
  ];
  for (const make of routes) app.route(prefix, make(services));
}

/** The document describes one form of the API: these are routes of an app of their own. */
function addLaterRoutes(app: OpenAPIHono, services: ApiServices): void {
  const later = newApp();
  for (const make of [breakerRoutes, policyRoutes, metricsRoutes]) later.route('/', make(services));
  app.route(laterPrefix, new Hono().route('/', later));
}

function addDocuments(app: OpenAPIHono, registry: Registry, { rotator, addresses }: ApiServices): void {
  let document: ApiDocument | undefined;
  const describe = (): ApiDocument => (document ??= describeApi(app));
  addRotatorGauges(registry, rotator);
  app.get('/metrics', async (c) => {
    const text = await registry.metrics();
    return c.body(text, 200, { 'Content-Type': registry.contentType });
  });
  app.get('/openapi.json', (c) => c.json(describe()));
  app.get('/docs', (c) => c.html(docsPage(describe(), addresses().api)));
  app.get('/docs.css', (c) => c.body(docsStyle, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
}

function answerError(c: Context, { code, message, details }: ApiError): Response {
  return c.json({ error: code, message, details }, apiErrorStatus[code]);
}
