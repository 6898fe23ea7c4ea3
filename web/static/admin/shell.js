// The back office's frame: theme, palette, keys, toasts, forms with changes. Every page works without it.
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  const $ = (sel, from = document) => from.querySelector(sel);
  const all = (sel, from = document) => [...from.querySelectorAll(sel)];
  const icon = name => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'i');
    svg.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', '/static/admin/icons.svg#' + name);
    svg.append(use);
    return svg;
  };

  // The page may be the answer to a form: back, reload and discard then ask for it anew, without a warning.
  history.replaceState(history.state, '', location.href);

  const prepare = from => {
    all('[data-js]', from).forEach(el => { el.hidden = false; });
  };

  // Toasts go by themselves, unless they carry a choice or somebody rests on them.
  const toast = (text, bad) => {
    const host = $('#toasts');
    if (!host) return;
    const el = document.createElement('div');
    el.className = bad ? 'toast bad' : 'toast';
    const span = document.createElement('span');
    span.textContent = text;
    el.append(span);
    host.append(el);
    fade(el, 4000);
  };
  const fade = (el, ms) => {
    let timer = setTimeout(() => el.remove(), ms);
    el.addEventListener('pointerenter', () => clearTimeout(timer));
    el.addEventListener('focusin', () => clearTimeout(timer));
    el.addEventListener('pointerleave', () => { timer = setTimeout(() => el.remove(), 2000); });
  };

  // Forms with changes: the bar shows, and leaving asks.
  let leaving = false;
  const snapshot = form => new URLSearchParams([...new FormData(form)].map(([k, v]) => [k, String(v.name ?? v)])).toString();
  const watch = form => {
    // New records and refused ones are unsaved as they come; leaving asks only after a change of one's own.
    const fresh = form.classList.contains('changed') || $('#errors') !== null;
    const before = snapshot(form);
    const check = () => {
      const touched = snapshot(form) !== before;
      form.toggleAttribute('data-touched', touched);
      form.classList.toggle('changed', fresh || touched);
    };
    check();
    form.addEventListener('input', check);
    form.addEventListener('change', check);
    form.addEventListener('reset', () => setTimeout(check));
    form.addEventListener('submit', () => { leaving = true; });
  };
  addEventListener('beforeunload', e => {
    if (!leaving && $('form[data-touched] .savebar')) e.preventDefault();
  });

  document.addEventListener('click', e => {
    const el = e.target.closest('[data-discard],[data-toast-close],[data-copy],[data-keys-open],#open_palette');
    if (!el) return;
    if (el.matches('[data-discard]')) { leaving = true; e.preventDefault(); location.reload(); }
    else if (el.matches('[data-toast-close]')) el.closest('.toast').remove();
    else if (el.matches('[data-keys-open]')) { $('#account').hidePopover(); $('#keys').showModal(); }
    else if (el.matches('#open_palette')) openPalette();
    else if (el.dataset.copy) {
      const field = document.getElementById(el.dataset.copy);
      field.select();
      navigator.clipboard?.writeText(field.value).then(() => { el.lastChild.textContent = ' ✓'; });
    }
  });
  document.addEventListener('focusin', e => { if (e.target.matches('[data-select]')) e.target.select(); });
  document.addEventListener('submit', e => {
    const text = e.submitter?.dataset.confirm || e.target.dataset.confirm;
    if (text && !confirm(text)) { e.preventDefault(); leaving = false; }
  });

  // The theme changes at once; the server keeps it for the next page.
  document.addEventListener('submit', e => {
    if (!e.target.matches('[data-theme-form]')) return;
    e.preventDefault();
    const button = e.submitter;
    root.dataset.theme = button.value;
    fetch(e.target.action, { method: 'POST', body: new URLSearchParams({ theme: button.value }) });
    const dark = button.value === 'dark';
    button.value = dark ? 'light' : 'dark';
    $('use', button).setAttribute('href', '/static/admin/icons.svg#' + (dark ? 'sun' : 'moon'));
  });

  // Selecting rows: the box in the head stands for all.
  const syncAll = () => {
    const head = $('[data-all]');
    if (!head) return;
    const boxes = all('input[name=id]');
    const on = boxes.filter(b => b.checked).length;
    all('[data-count]').forEach(el => { el.textContent = on; });
    head.checked = boxes.length > 0 && on === boxes.length;
    head.indeterminate = on > 0 && on < boxes.length;
  };
  document.addEventListener('change', e => {
    if (e.target.matches('[data-all]')) all('input[name=id]').forEach(b => { b.checked = e.target.checked; });
    if (e.target.matches('[data-all],input[name=id]')) syncAll();
  });
  document.addEventListener('reset', () => setTimeout(syncAll));

  // Keys: j k x Enter on rows, / to search, g and a letter to go.
  let row = -1, going = 0;
  const rows = () => all('[data-row]');
  const moveRow = step => {
    const list = rows();
    if (!list.length) return;
    list[row]?.classList.remove('cur');
    row = Math.min(Math.max(row + step, 0), list.length - 1);
    list[row].classList.add('cur');
    list[row].scrollIntoView({ block: 'nearest' });
    $('a.row', list[row])?.focus({ preventScroll: true });
  };
  const PLACES = { h: '/admin', o: '/admin/orders', p: '/admin/products', i: '/admin/inventory', c: '/admin/customers', f: '/admin/fulfilment', s: '/admin/settings' };
  document.addEventListener('keydown', e => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') { e.preventDefault(); openPalette(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || $('dialog[open]')) return;
    if (e.target.closest('input:not([type=checkbox]),textarea,select,[contenteditable]')) {
      if (e.key === 'Escape') e.target.blur();
      return;
    }
    if (going && Date.now() - going < 1200 && PLACES[e.key]) {
      going = 0;
      const link = $(`#nav a[href="${PLACES[e.key]}"]`);
      if (link) link.click();
      return;
    }
    going = 0;
    const list = rows();
    switch (e.key) {
      case 'g': going = Date.now(); break;
      case 'j': moveRow(1); break;
      case 'k': moveRow(-1); break;
      case 'x': { const box = list[row] && $('input[name=id]', list[row]); if (box) { box.checked = !box.checked; syncAll(); } break; }
      case 'Enter': if (list[row] && !e.target.closest('a,button,summary,input')) $('a.row', list[row])?.click(); break;
      case '/': { const find = $('[data-find]'); if (find) { e.preventDefault(); find.focus(); find.select(); } break; }
      case '?': $('#keys')?.showModal(); break;
    }
  });

  // The palette: pages from the menu, orders, products and customers from the server.
  const pal = $('#palette'), q = $('#palette_q'), list = $('#palette_list');
  let options = [], active = -1, asked = 0;
  const pages = () => all('#nav a').map(a => ({ label: $('span', a).textContent, href: a.getAttribute('href'), icon: a.dataset.icon }));
  const show = groups => {
    list.replaceChildren();
    options = [];
    for (const [name, items] of groups) {
      if (!items.length) continue;
      const head = document.createElement('li');
      head.className = 'grp';
      head.setAttribute('role', 'presentation');
      head.textContent = name;
      list.append(head);
      for (const item of items) {
        const li = document.createElement('li');
        li.id = 'palette_' + options.length;
        li.setAttribute('role', 'option');
        const label = document.createElement('span');
        label.textContent = item.label;
        li.append(icon(item.icon), label);
        if (item.note) {
          const note = document.createElement('span');
          note.className = 'mute';
          note.textContent = item.note;
          li.append(note);
        }
        li.addEventListener('click', () => { location.href = item.href; });
        options.push(li);
        list.append(li);
      }
    }
    if (!options.length) {
      const none = document.createElement('li');
      none.className = 'none';
      none.setAttribute('role', 'presentation');
      none.textContent = pal.dataset.none;
      list.append(none);
    }
    choose(options.length ? 0 : -1);
  };
  const choose = i => {
    options[active]?.setAttribute('aria-selected', 'false');
    active = i;
    options.forEach((o, n) => o.setAttribute('aria-selected', String(n === i)));
    if (options[i]) { q.setAttribute('aria-activedescendant', options[i].id); options[i].scrollIntoView({ block: 'nearest' }); }
    else q.removeAttribute('aria-activedescendant');
  };
  const ask = async () => {
    const text = q.value.trim(), mine = ++asked;
    const here = pages().filter(p => p.label.toLowerCase().includes(text.toLowerCase()));
    show([[pal.dataset.go, here]]);
    if (text.length < 2) return;
    await new Promise(r => setTimeout(r, 150));
    if (mine !== asked) return;
    try {
      const answer = await fetch('/admin/search?q=' + encodeURIComponent(text), { headers: { accept: 'application/json' } });
      if (!answer.ok || mine !== asked) return;
      const found = await answer.json();
      const items = (kind, name) => (found[kind] || []).map(f => ({ label: f.label, note: f.note, href: f.href, icon: name }));
      show([[pal.dataset.orders, items('orders', 'inbox')], [pal.dataset.products, items('products', 'package')], [pal.dataset.customers, items('customers', 'users')], [pal.dataset.go, here]]);
    } catch { /* the pages stay on the list */ }
  };
  function openPalette() {
    if (!pal || pal.open) return;
    q.value = '';
    show([[pal.dataset.go, pages()]]);
    pal.showModal();
    q.focus();
  }
  q?.addEventListener('input', ask);
  q?.addEventListener('keydown', e => {
    if (e.key === 'ArrowDown') { e.preventDefault(); choose(Math.min(active + 1, options.length - 1)); }
    else if (e.key === 'ArrowUp') { e.preventDefault(); choose(Math.max(active - 1, 0)); }
    else if (e.key === 'Enter') { e.preventDefault(); options[active]?.click(); }
  });
  all('dialog').forEach(d => d.addEventListener('click', e => { if (e.target === d) d.close(); }));

  // What came in by a swap is prepared as well; what failed is said.
  document.addEventListener('htmx:after:swap', () => { row = -1; prepare(document); syncAll(); });
  document.addEventListener('htmx:error', () => toast(document.getElementById('toasts')?.dataset.failed || '…', true));

  prepare(document);
  syncAll();
  all('form[data-dirty]').forEach(watch);
  all('.toast').forEach(el => fade(el, $('form', el) ? 12000 : 6000));
  $('#errors')?.focus();
})();
