/** The look of the page of the API. */
export const docsStyle = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f6f3, #101312);
  --surface: light-dark(#fff, #171b1a);
  --line: light-dark(#e2e4de, #2a302e);
  --ink: light-dark(#1a1e1c, #e6eae8);
  --muted: light-dark(#5d6661, #98a29d);
  --accent: light-dark(#0f6b4f, #62c79f);
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
* { box-sizing: border-box }
html { scroll-behavior: smooth; scroll-padding-top: 16px }
body {
  display: grid;
  grid-template-columns: 200px minmax(0, 860px);
  gap: 0 40px;
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
nav {
  position: sticky;
  top: 0;
  align-self: start;
  display: grid;
  gap: 6px;
  padding: 32px 0 32px 28px;
}
nav a { color: var(--muted); text-decoration: none }
nav a:hover { color: var(--ink) }
nav .home { margin-bottom: 10px; color: var(--ink); font-weight: 650 }
main { padding: 28px 24px 80px 0 }
h1 { margin: 0; font-size: 26px; letter-spacing: -.015em }
h2 { margin: 44px 0 12px; font-size: 19px; letter-spacing: -.01em }
h3 { margin: 0; font-size: 15px; font-weight: 600 }
p { margin: 8px 0 }
a { color: var(--accent) }
small, .muted { color: var(--muted); font-size: 13px; font-weight: 400 }
code { font-family: var(--mono); font-size: .92em }
section {
  margin: 12px 0;
  padding: 16px 20px;
  border: 1px solid var(--line);
  border-radius: 10px;
  background: var(--surface);
}
table { width: 100%; margin: 10px 0; border-collapse: collapse; font-size: 14px }
td, th { padding: 6px 12px 6px 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top }
th { color: var(--muted); font-weight: 400 }
td:first-child { width: 190px; overflow-wrap: anywhere }
td:nth-child(2) { width: 200px }
td td:first-child, td td:nth-child(2) { width: auto }
table.prose td { width: auto }
.answers td:first-child { width: 60px }
pre { margin: 12px 0 0; padding: 10px 14px; overflow-x: auto; border-radius: 6px; background: var(--paper) }
.method { margin-right: 6px; color: var(--accent); font-family: var(--mono); font-size: 13px }
.method.delete { color: light-dark(#b3261e, #f08a80) }
@media (width < 860px) {
  body { display: block }
  nav { position: static; display: flex; flex-wrap: wrap; gap: 6px 16px; padding: 16px 16px 0 }
  nav .home { margin: 0 }
  main { padding: 16px }
  td:first-child, td:nth-child(2) { width: auto }
}
`;
