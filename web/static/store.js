// The storefront works without this file. It adds: the cart's count, adding without leaving the page, search
// suggestions, choosing variants by option, and a checkout that recalculates by itself.
'use strict';
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const toast = $('#toast');

  // The cart's count comes from a cookie, since pages are the same for everyone.
  function showCount() {
    const found = document.cookie.match(/(?:^|; )cart_count=(\d+)/);
    const count = found ? Number(found[1]) : 0;
    for (const badge of $$('[data-cart-count]')) {
      badge.textContent = count > 99 ? '99+' : count;
      badge.hidden = count === 0;
    }
  }
  showCount();
  // Coming back by the browser's own button shows a kept page, and the cookie may have changed.
  addEventListener('pageshow', showCount);

  let toastTimer;
  function say(text, withCart) {
    if (!toast) return;
    clearTimeout(toastTimer);
    toast.textContent = text;
    if (withCart) {
      const link = document.createElement('a');
      link.href = toast.dataset.cart;
      link.textContent = toast.dataset.view;
      toast.append(link);
    }
    toast.classList.add('on');
    toastTimer = setTimeout(() => toast.classList.remove('on'), 6000);
  }

  // Add to cart in place.
  document.addEventListener('submit', async (event) => {
    const form = event.target.closest('form[data-add]');
    if (!form) return;
    event.preventDefault();
    if (form.classList.contains('busy')) return;
    form.classList.add('busy');
    try {
      const answer = await fetch(form.getAttribute('action'), {
        method: 'POST',
        headers: { Accept: 'application/json' },
        body: new URLSearchParams(new FormData(form)),
      });
      const body = await answer.json();
      say(body.message, body.ok);
      showCount();
    } catch {
      say(toast.dataset.failed, false);
    } finally {
      form.classList.remove('busy');
    }
  });

  // A quantity typed in the cart is taken when the field is left; selects that sort are taken at once.
  document.addEventListener('change', (event) => {
    const line = event.target.closest('form[data-line]');
    if (line && event.target.name === 'quantity') line.requestSubmit($('[value=set]', line));
    const auto = event.target.closest('form[data-auto]');
    if (auto) auto.requestSubmit();
  });

  // Plus and minus beside a quantity.
  for (const button of $$('[data-step]')) {
    button.hidden = false;
    const input = $('input', button.parentElement);
    button.addEventListener('click', () => {
      const max = Number(input.max) || Infinity;
      input.value = Math.min(max, Math.max(1, (Number(input.value) || 1) + Number(button.dataset.step)));
    });
  }

  variants();
  suggestions();
  checkout();

  // Product page: options choose among the variants.
  function variants() {
    const form = $('form[data-product]');
    const data = $('#variants');
    if (!form || !data) return;
    const all = JSON.parse(data.textContent);
    const groups = $$('[data-option]', form);
    const select = $('[data-variant-select]', form);
    const byId = (id) => all.find((v) => v.id === id);

    function show(v) {
      const price = $('.price', $('[data-price]', form));
      price.classList.toggle('off', Boolean(v.price.was));
      const now = $('b', price);
      now.textContent = v.price.now;
      set(price, 's', v.price.was, (s) => now.after(s));
      set(price, '.per', v.price.unit, (s) => { s.className = 'per'; price.append(s); });
      for (const words of $$('.vh', price)) words.remove();
      $('.from', price)?.remove();
      const stock = $('[data-stock]', form);
      stock.className = `stock is-${v.stock.state}`;
      $('b', stock).textContent = v.stock.label;
      set(stock, 'span:not(.dot)', v.stock.detail, (s) => stock.append(s));
      const sku = $('[data-sku]');
      if (sku) sku.textContent = v.sku;
      const buy = $('[data-buy]', form);
      buy.disabled = v.stock.state === 'out';
      buy.textContent = buy.disabled ? buy.dataset.sold : buy.dataset.addLabel;
      const quantity = $('input[name=quantity]', form);
      quantity.max = v.max_quantity;
      if (Number(quantity.value) > v.max_quantity) quantity.value = Math.max(1, v.max_quantity);
      // The address changes with the choice, so that it can be shared.
      history.replaceState(null, '', v.url);
      if (v.image !== null) {
        const picture = $(`[data-picture="${v.image}"]`);
        const gallery = picture?.parentElement;
        if (gallery && gallery.scrollWidth > gallery.clientWidth) gallery.scrollTo({ left: picture.offsetLeft - gallery.offsetLeft });
      }
    }

    // Sets, makes or takes away the one element that holds an optional text.
    function set(parent, selector, text, place) {
      let node = $(selector, parent);
      if (!text) return node?.remove();
      if (!node) {
        node = document.createElement(selector === 's' ? 's' : 'span');
        place(node);
      }
      node.textContent = text;
    }

    if (groups.length) {
      const input = document.createElement('input');
      input.type = 'hidden';
      input.name = 'variant_id';
      input.value = $('select', select).value;
      select.replaceWith(input);
      for (const group of groups) {
        group.hidden = false;
        for (const radio of $$('input', group)) radio.disabled = false;
      }
      const chosen = () => groups.map((g) => $('input:checked', g).value);
      const mark = () => {
        const want = chosen();
        groups.forEach((group, n) => {
          for (const radio of $$('input', group)) {
            const fits = all.some((v) => v.stock.state !== 'out' && v.options.every((o, m) => o === (m === n ? radio.value : want[m])));
            radio.closest('label').classList.toggle('gone', !fits);
          }
        });
      };
      form.addEventListener('change', (event) => {
        const group = event.target.closest('[data-option]');
        if (!group) return;
        const n = groups.indexOf(group);
        const want = chosen();
        // The pair may not exist: keep what was just chosen, and take the nearest variant that has it.
        const same = (v) => v.options.filter((o, m) => o === want[m]).length + (v.stock.state === 'out' ? 0 : 0.5);
        const v = all.find((v) => v.options.every((o, m) => o === want[m]))
          ?? all.filter((v) => v.options[n] === want[n]).sort((a, b) => same(b) - same(a))[0];
        groups.forEach((g, m) => { for (const radio of $$('input', g)) radio.checked = radio.value === v.options[m]; });
        input.value = v.id;
        mark();
        show(v);
      });
      mark();
      const v = byId(input.value);
      if (v.stock.state === 'out') show(v);
    } else {
      form.addEventListener('change', (event) => {
        if (event.target.name === 'variant_id') show(byId(event.target.value));
      });
      const v = byId(new FormData(form).get('variant_id'));
      if (v && v.stock.state === 'out') show(v);
    }
  }

  // Search box: a combobox with a listbox (WAI-ARIA 1.2), made only when the script runs.
  function suggestions() {
    const form = $('form[data-suggest]');
    if (!form) return;
    const input = $('input', form);
    const list = element('div', { role: 'listbox', id: 'suggestions', className: 'sugg', hidden: true });
    const status = element('p', { className: 'vh' });
    list.setAttribute('aria-label', $('label', form).textContent);
    status.setAttribute('role', 'status');
    form.after(list, status);
    const attributes = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': 'suggestions' };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    let timer;
    let running;
    let shownFor = '';

    const options = () => $$('[role=option]', list);
    const active = () => $('[aria-selected=true]', list);
    function close() {
      list.hidden = true;
      input.setAttribute('aria-expanded', 'false');
      mark(null);
    }
    function open() {
      if (!options().length) return;
      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
    }
    function mark(option) {
      active()?.setAttribute('aria-selected', 'false');
      if (option) {
        option.setAttribute('aria-selected', 'true');
        option.scrollIntoView({ block: 'nearest' });
        input.setAttribute('aria-activedescendant', option.id);
      } else {
        input.removeAttribute('aria-activedescendant');
      }
    }
    async function ask() {
      const query = input.value.trim();
      if (query.length < 2) return close();
      if (query === shownFor) return open();
      running?.abort();
      running = new AbortController();
      try {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(query)}`, { signal: running.signal });
        if (!answer.ok) return close();
        draw(await answer.json(), query);
        shownFor = query;
      } catch {
        // Given up for a newer question, or offline: the plain form still works.
      }
    }
    function draw(found, query) {
      list.replaceChildren();
      let n = 0;
      const option = (item, extra) => {
        const row = element('div', { role: 'option', id: `suggestion-${n++}`, className: extra });
        row.setAttribute('aria-selected', 'false');
        row.dataset.url = item.url;
        return row;
      };
      found.groups.forEach((group, g) => {
        const box = element('div', { role: 'group' });
        box.setAttribute('aria-labelledby', `suggestions-${g}`);
        box.append(element('div', { className: 'gh', id: `suggestions-${g}`, textContent: group.label }));
        for (const item of group.items) {
          const row = option(item, '');
          row.append(picture(item.image), words(item, query), element('b', { className: 'strong', textContent: item.end }));
          box.append(row);
        }
        list.append(box);
      });
      if (found.all) {
        const row = option(found.all, 'all');
        row.textContent = found.all.name;
        list.append(row);
      }
      status.textContent = found.status;
      if (document.activeElement === input && n) open(); else close();
    }
    function picture(image) {
      if (!image) {
        const use = $('use', form)?.getAttribute('href').split('#')[0];
        const box = element('span', {});
        box.innerHTML = `<svg class="i" aria-hidden="true" width="20" height="20"><use href="${use}#tag"/></svg>`;
        return box;
      }
      const hue = image.hue === null ? 'none' : Math.floor((image.hue % 360) / 10) * 10;
      const tile = element('span', { className: `tile hue-${hue}${image.cutout ? '' : ' full'}` });
      tile.append(element('img', { src: `${image.url}/160.webp`, width: 48, height: 48, alt: '' }));
      return tile;
    }
    function words(item, query) {
      const box = element('span', {});
      const at = item.label.toLocaleLowerCase().indexOf(query.toLocaleLowerCase());
      if (at < 0) box.append(item.label);
      else box.append(item.label.slice(0, at), element('mark', { textContent: item.label.slice(at, at + query.length) }), item.label.slice(at + query.length));
      if (item.detail) box.append(element('small', { textContent: item.detail }));
      return box;
    }

    input.addEventListener('input', () => {
      clearTimeout(timer);
      mark(null);
      timer = setTimeout(ask, 120);
    });
    input.addEventListener('focus', () => { if (input.value.trim() === shownFor && shownFor) open(); });
    input.addEventListener('blur', () => setTimeout(close, 150));
    input.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        if (list.hidden) { event.preventDefault(); return void ask(); }
        event.preventDefault();
        const all = options();
        const step = event.key === 'ArrowDown' ? 1 : -1;
        // One place before the first and after the last is the text itself.
        const next = (all.indexOf(active()) + 1 + step + all.length + 1) % (all.length + 1);
        mark(next === 0 ? null : all[next - 1]);
      } else if (event.key === 'Enter' && !list.hidden && active()) {
        event.preventDefault();
        location.href = active().dataset.url;
      } else if (event.key === 'Escape' && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const option = event.target.closest('[role=option]');
      if (option) location.href = option.dataset.url;
    });
    // The slash goes to the search, unless something is being typed.
    document.addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest('input,textarea,select,[contenteditable]')) return;
      event.preventDefault();
      input.focus();
    });
  }

  // Checkout: country and delivery recalculate; the order button cannot be pressed twice.
  function checkout() {
    const form = $('#checkout');
    if (!form) return;
    $('[data-focus]')?.focus();
    // The page may be the answer to a form: back and reload then ask for it anew, without a warning.
    history.replaceState(history.state, '', location.href);
    const details = $('#summary details');
    if (details && matchMedia('(max-width:900px)').matches) details.open = false;
    let running;

    form.addEventListener('change', async (event) => {
      if (!event.target.closest('[data-recalculate]')) return;
      running?.abort();
      running = new AbortController();
      const data = new URLSearchParams(new FormData(form));
      data.set('action', 'update');
      document.body.setAttribute('aria-busy', 'true');
      try {
        // Not form.action: that is the button of this name.
        const answer = await fetch(form.getAttribute('action'), { method: 'POST', body: data, signal: running.signal });
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        if (!$('#checkout', page)) return void location.reload();
        swap(page);
        const status = $('#recalculated');
        status.textContent = '';
        requestAnimationFrame(() => { status.textContent = status.dataset.text; });
      } catch (error) {
        if (error.name !== 'AbortError') say(toast.dataset.failed, false);
      } finally {
        document.body.removeAttribute('aria-busy');
      }
    });

    // Takes the recalculated parts over; what was typed meanwhile, the focus, and open details stay.
    function swap(page) {
      const focused = document.activeElement?.id;
      for (const old of $$('[data-live]')) {
        const fresh = page.getElementById(old.id);
        if (!fresh) continue;
        for (const input of $$('input:not([type=radio]),select', old)) {
          const twin = $(`[name="${input.name}"]`, fresh);
          if (twin && input.value) twin.value = input.value;
        }
        const opened = $$('details', old).map((d) => d.open);
        $$('details', fresh).forEach((d, n) => { if (n < opened.length) d.open = opened[n]; });
        old.replaceWith(fresh);
      }
      for (const name of ['cart_version', 'idempotency_key']) {
        const fresh = $(`[name=${name}]`, page);
        if (fresh) $(`[name=${name}]`, form).value = fresh.value;
      }
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    }

    form.addEventListener('submit', (event) => {
      if (event.submitter?.value === 'update') return;
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = 'yes';
      const button = $('#place-order');
      // The button's own value must still be sent, so it is disabled after the form has gone.
      setTimeout(() => {
        button.setAttribute('aria-disabled', 'true');
        button.textContent = button.dataset.busy;
      });
    });
    addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
  }

  function element(tag, properties) {
    const { role, ...rest } = properties;
    const node = Object.assign(document.createElement(tag), rest);
    if (role) node.setAttribute('role', role);
    return node;
  }
})();
