// Images of a product: dragged or moved by key into order; dropped or chosen files are sent at once.
(() => {
  const changed = from => from.dispatchEvent(new Event('change', { bubbles: true }));
  const start = () => {
    const list = document.querySelector('[data-sortable]');
    if (list && window.Sortable && !list.dataset.ready) {
      list.dataset.ready = '1';
      window.Sortable.create(list, { handle: '.grip', animation: 150, onEnd: () => changed(list) });
    }
    const drop = document.querySelector('[data-drop]');
    if (drop && !drop.dataset.ready) {
      drop.dataset.ready = '1';
      const input = drop.querySelector('input[type=file]');
      drop.addEventListener('dragover', e => { e.preventDefault(); drop.classList.add('over'); });
      drop.addEventListener('dragleave', () => drop.classList.remove('over'));
      drop.addEventListener('drop', e => {
        e.preventDefault();
        drop.classList.remove('over');
        input.files = e.dataTransfer.files;
        if (input.files.length) input.form.requestSubmit();
      });
    }
  };
  // The handle is a button: arrow keys move its image.
  document.addEventListener('keydown', e => {
    const grip = e.target.closest?.('.grip');
    if (!grip) return;
    const item = grip.closest('li');
    const before = ['ArrowLeft', 'ArrowUp'].includes(e.key), after = ['ArrowRight', 'ArrowDown'].includes(e.key);
    if (!before && !after) return;
    e.preventDefault();
    if (before && item.previousElementSibling) item.previousElementSibling.before(item);
    if (after && item.nextElementSibling) item.nextElementSibling.after(item);
    grip.focus();
    changed(item);
  });
  document.addEventListener('htmx:after:swap', start);
  start();
})();
