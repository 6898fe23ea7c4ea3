// A table of quantities: arrows and Enter move between cells, changed cells are tinted.
(() => {
  const mark = cell => cell.toggleAttribute('data-changed', cell.value.trim() !== cell.dataset.seen);
  const start = () => document.querySelectorAll('[data-grid] .cell').forEach(cell => {
    // What the page showed stands in the hidden field before it.
    cell.dataset.seen ??= cell.previousElementSibling?.value ?? cell.defaultValue;
    mark(cell);
  });
  document.addEventListener('input', e => { if (e.target.matches('[data-grid] .cell')) mark(e.target); });
  document.addEventListener('focusin', e => { if (e.target.matches('[data-grid] .cell')) e.target.select(); });
  document.addEventListener('keydown', e => {
    if (!e.target.matches('[data-grid] .cell')) return;
    const step = { ArrowDown: 1, Enter: e.shiftKey ? -1 : 1, ArrowUp: -1 }[e.key];
    if (step) {
      const cells = [...document.querySelectorAll('[data-grid] .cell')];
      const next = cells[cells.indexOf(e.target) + step];
      e.preventDefault();
      next?.focus();
    } else if (e.key === 'Escape') {
      e.target.value = e.target.dataset.seen;
      e.target.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
  document.addEventListener('htmx:after:swap', start);
  start();
})();
