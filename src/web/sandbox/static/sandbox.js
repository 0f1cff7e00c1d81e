/** The little that HTML cannot do: Enter sends, the log follows, drawers open, the speaker list filters. */
(() => {
  const $ = id => document.getElementById(id);
  const text = $('text');
  if (!text) return;
  const say = $('say');
  const scroll = $('scroll');
  const newer = $('newer');

  // ── Writing ──
  const grow = () => text.setAttribute('rows', String(Math.min(8, Math.max(1, text.value.split('\n').length))));
  // On a touch screen the keyboard would cover half of what one came to read.
  if (matchMedia('(pointer: fine)').matches) text.focus();
  text.addEventListener('input', grow);
  text.addEventListener('keydown', event => {
    // While an input method composes, Enter chooses characters.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    say.requestSubmit();
  });

  const file = $('file');
  const chosen = $('chosen');
  const showChosen = () => {
    const [first] = file.files;
    chosen.hidden = !first;
    chosen.querySelector('span').textContent = first ? `要发的文件：${first.name}` : '';
  };
  file.addEventListener('change', () => {
    showChosen();
    text.focus();
  });
  chosen.querySelector('button').addEventListener('click', () => {
    file.value = '';
    showChosen();
  });
  scroll.addEventListener('dragover', event => event.preventDefault());
  scroll.addEventListener('drop', event => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    showChosen();
  });

  const place = $('place');
  const locate = $('locate');
  const showPlace = open => {
    place.hidden = !open;
    locate.setAttribute('aria-expanded', String(open));
    if (open) $('place-name').focus();
  };
  locate.addEventListener('click', () => showPlace(place.hidden));

  // What is sent is taken from the form as soon as htmx has read it, so that the next can be typed meanwhile
  // (sends wait in a queue, none is dropped), and the words are given back if they could not be sent.
  document.addEventListener('htmx:config:request', event => {
    if (event.target !== say) return;
    text.value = '';
    grow();
    file.value = '';
    showChosen();
  });
  document.addEventListener('htmx:after:request', event => {
    if (event.target === place) showPlace(false);
  });
  document.addEventListener('htmx:error', event => {
    $('notice').innerHTML = '<p class="problem">连不上，没有发出去，请再试一次</p>';
    if (event.target !== say) return;
    const unsent = event.detail.ctx.request.body.get('text');
    text.value = [unsent, text.value].filter(Boolean).join('\n');
    grow();
  });

  // ── The log follows what is new, but never past its beginning; and not while one is reading further up ──
  const log = $('log');
  /** Air above what is shown from its beginning. */
  const AIR = 12;
  const isOwn = message => message?.classList.contains('own');
  /** The message whose beginning stays in view; null while somebody reads elsewhere. */
  let first = log.lastElementChild;
  /** Where the script has put the log: another place was chosen by hand. */
  let put = 0;
  /** Nothing is below what is shown. */
  let ended = true;
  const look = () => {
    ended = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
    if (ended) newer.hidden = true;
  };
  const follow = () => {
    if (!first) return;
    const begins = scroll.scrollTop + first.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
    scroll.scrollTop = Math.min(scroll.scrollHeight - scroll.clientHeight, begins - AIR);
    put = scroll.scrollTop;
    look();
  };
  scroll.addEventListener('scroll', () => {
    if (Math.abs(scroll.scrollTop - put) < 2) return;
    look();
    first = ended ? log.lastElementChild : null;
  });
  newer.addEventListener('click', () => {
    first = log.lastElementChild;
    newer.hidden = true;
    follow();
  });
  /** With pictures that come later than their place. */
  const allSeen = () => ended && [...(first?.querySelectorAll('img') ?? [])].every(i => i.complete);
  new MutationObserver(changes => {
    document.querySelector('.welcome')?.remove();
    const added = changes.flatMap(c => [...c.addedNodes]).filter(n => n.classList?.contains('message'));
    const own = added.findLast(isOwn);
    if (own) first = own;
    const [next] = added.slice(added.indexOf(own) + 1);
    if (next && (isOwn(first) || allSeen())) first = next;
    else if (next) newer.hidden = false;
    follow();
  }).observe(log, { childList: true });
  scroll.addEventListener('load', follow, true);
  new ResizeObserver(follow).observe(scroll);
  follow();

  // ── Drawers on narrow screens ──
  const keys = [...document.querySelectorAll('.drawer-key')];
  const veil = $('veil');
  const drawer = id => {
    for (const key of keys) {
      const side = $(key.getAttribute('aria-controls'));
      const open = side.id === id && !side.classList.contains('open');
      side.classList.toggle('open', open);
      key.setAttribute('aria-expanded', String(open));
      if (open) side.querySelector('a, button, input')?.focus();
    }
    veil.hidden = !document.querySelector('.side.open');
  };
  for (const key of keys) key.addEventListener('click', () => drawer(key.getAttribute('aria-controls')));
  veil.addEventListener('click', () => drawer(''));

  // ── Menus ──
  const menus = [...document.querySelectorAll('details.menu')];
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    for (const menu of menus) {
      if (menu.open && menu.contains(document.activeElement)) menu.querySelector('summary').focus();
      menu.open = false;
    }
    drawer('');
    showPlace(false);
  });
  document.addEventListener('click', event => {
    for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
  const find = $('find');
  const filter = () => {
    const words = find.value.trim().toLowerCase().split(/\s+/);
    let shown = 0;
    for (const unit of $('speakers').querySelectorAll('section')) {
      let here = 0;
      for (const row of unit.querySelectorAll('li')) {
        row.hidden = !words.every(w => row.dataset.words.toLowerCase().includes(w));
        here += row.hidden ? 0 : 1;
      }
      unit.hidden = here === 0;
      shown += here;
    }
    $('nobody-found').hidden = shown > 0;
  };
  find.addEventListener('input', filter);
  find.addEventListener('keydown', event => {
    if (event.key === 'Enter') $('speakers').querySelector('li:not([hidden]) a')?.click();
  });
  document.querySelector('.speaker').addEventListener('toggle', event => {
    if (event.target.open) find.focus();
  });

  // ── Time ──
  document.addEventListener('stage-reset', () => location.assign('/'));
  const to = $('to');
  // The panels were drawn anew: what the script had put there is put there again.
  document.addEventListener('htmx:sse:after:message', () => {
    filter();
    const now = $('now').querySelector('time')?.getAttribute('datetime');
    if (to && now && document.activeElement !== to && now > to.dataset.now) {
      to.value = now.slice(0, 16);
      to.dataset.now = now;
    }
  });
  if (to) to.dataset.now = $('now').querySelector('time').getAttribute('datetime');
})();
