/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A line of text whose `` `code` `` is set as code. */
export function inline(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/gu, '<code>$1</code>');
}

/** Paragraphs and tables in the form that descriptions are written in. */
export function prose(text: string): string {
  return text
    .split(/\n{2,}/u)
    .map((block) => (block.startsWith('|') ? table(block.split('\n')) : `<p>${inline(block)}</p>`))
    .join('');
}

function table([head = '', , ...rows]: string[]): string {
  const cells = (line: string, tag: string): string =>
    `<tr>${line
      .split('|')
      .slice(1, -1)
      .map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`)
      .join('')}</tr>`;
  return `<table class="prose"><thead>${cells(head, 'th')}</thead><tbody>${rows.map((row) => cells(row, 'td')).join('')}</tbody></table>`;
}
